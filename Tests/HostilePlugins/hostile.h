/*
 * hostile.h: what the hostile plugins share. Each of them is one library with one scorer, named as its file.
 *
 * A row whose `inputs.do` is the text "now" is the one on which it misbehaves. On every other row it answers the length
 * of the outputs modulo 1000, so that a test can compare all of them with an undisturbed run. What each does and what a
 * host should make of it stands in manifest.json.
 *
 * Functions that a message should name are HOSTILE_FRAME: never inlined, so that the symbol table has them.
 */
#ifndef HOSTILE_H
#define HOSTILE_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <evalhost/scorer.h>
#include <time.h>
#include <unistd.h>

#define HOSTILE_FRAME __attribute__((noinline)) static

/* The worker's descriptors, as a plugin finds them. */
enum {
    HOSTILE_CONTROL = 3, /* a socket to the host */
    HOSTILE_ROWS = 4,    /* the rows, sealed against writing */
    HOSTILE_RESULTS = 5, /* the answers */
    HOSTILE_WAKE = 6,    /* an eventfd by which the worker wakes the host */
    HOSTILE_LIBRARY = 7  /* the library itself, sealed */
};

/* What an attempt answers that should have failed. The others answer why they failed: their errno. */
#define HOSTILE_GOT_THROUGH 1000

static inline int hostile_is_now(const evalhost_record *row) {
    const evalhost_field *field = &row->fields[0];
    return field->kind == EVALHOST_KIND_TEXT && evalhost_text_equal(field->text, evalhost_text_of("now"));
}

static inline evalhost_status hostile_plain(const evalhost_record *row, const evalhost_sink *out) {
    return evalhost_number(out, (double)(row->fields[1].text.size % 1000));
}

static inline void hostile_sleep(long milliseconds) {
    struct timespec time;
    time.tv_sec = milliseconds / 1000;
    time.tv_nsec = milliseconds % 1000 * 1000000;
    while (nanosleep(&time, &time) != 0 && errno == EINTR) continue;
}

#ifndef __cplusplus

/* Defines the scorer and its library, with further members: HOSTILE(name, .score = score) */
#define HOSTILE(identifier, ...)                                                                                       \
    EVALHOST_SCORER(identifier, .help = "Misbehaves.", .reads = "inputs.do?, outputs",                                 \
                    .value = EVALHOST_NUMBER(0, 1000), __VA_ARGS__)                                                    \
    EVALHOST_PLUGIN(#identifier, "1.0.0", &identifier)

/* A scorer that does `misdeed()` on such a row, then, should that return, answers like on any other. */
#define HOSTILE_MISDEED(identifier, misdeed)                                                                           \
    static evalhost_status score(void *self, const evalhost_record *row, const evalhost_sink *out) {                   \
        (void)self;                                                                                                    \
        if (hostile_is_now(row)) misdeed();                                                                            \
        return hostile_plain(row, out);                                                                                \
    }                                                                                                                  \
    HOSTILE(identifier, .score = score)

/* The same, but each row takes a millisecond: for misdeeds that show later. */
#define HOSTILE_SLOW_MISDEED(identifier, misdeed)                                                                      \
    static evalhost_status score(void *self, const evalhost_record *row, const evalhost_sink *out) {                   \
        (void)self;                                                                                                    \
        if (hostile_is_now(row)) misdeed();                                                                            \
        hostile_sleep(1);                                                                                              \
        return hostile_plain(row, out);                                                                                \
    }                                                                                                                  \
    HOSTILE(identifier, .score = score)

/* A scorer that tries what it mustn't: `attempt()` returns less than 0 with errno, or what worked. */
#define HOSTILE_ATTEMPT(identifier, attempt)                                                                           \
    static evalhost_status score(void *self, const evalhost_record *row, const evalhost_sink *out) {                   \
        (void)self;                                                                                                    \
        if (!hostile_is_now(row)) return hostile_plain(row, out);                                                      \
        return evalhost_number(out, attempt() < 0 ? errno : HOSTILE_GOT_THROUGH);                                      \
    }                                                                                                                  \
    HOSTILE(identifier, .score = score)

/* A scorer that does nothing wrong while it scores. */
#define HOSTILE_PLAIN_SCORE                                                                                            \
    static evalhost_status score(void *self, const evalhost_record *row, const evalhost_sink *out) {                   \
        (void)self;                                                                                                    \
        return hostile_plain(row, out);                                                                                \
    }

#endif

#endif
