/*
 * faulty.h: what the faulty plugins share. Each is one library with one scorer of its name, and has one fault.
 *
 * The first line of each says which checks of `evalhost plugin check --strict` must tell it, and none besides; further
 * lines `name: words` say how it is built and checked:
 *   flags    options of the compiler and linker
 *   stub     a library beside it that is built first: `absent` is removed again before the check
 *   options  of `plugin check`
 *   mode     of the library's file
 */
#ifndef FAULTY_H
#define FAULTY_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <evalhost/ext/judge.h>
#include <evalhost/ext/session.h>
#include <evalhost/scorer.h>
#include <stdlib.h>

/* The library of one scorer. */
#define FAULTY_PLUGIN(identifier) EVALHOST_PLUGIN(#identifier, "1.0.0", &identifier)

/* What every scorer here says of itself, unless that is its fault. */
#define FAULTY_HELP .help = "Has a fault."

/* A scorer of the outputs with a value from 0 to 1000. */
#define FAULTY_SCORER(identifier, ...)                                                                                  \
    EVALHOST_SCORER(identifier, FAULTY_HELP, .reads = "outputs", .value = EVALHOST_NUMBER(0, 1000), __VA_ARGS__)        \
    FAULTY_PLUGIN(identifier)

/* Does what no plugin should, where a check is to see it. */
static inline void faulty_crash(void) { *(volatile int *)16 = 1; }

static inline double faulty_length(const evalhost_record *row) { return (double)(row->fields[0].text.size % 1000); }

/* A function `score` without a fault. */
#define FAULTY_PLAIN_SCORE                                                                                              \
    static evalhost_status score(void *self, const evalhost_record *row, const evalhost_sink *out) {                    \
        (void)self;                                                                                                     \
        return evalhost_number(out, faulty_length(row));                                                                \
    }

/* Opens a function `score`, which a closing brace of its own ends. */
#define FAULTY_SCORE                                                                                                    \
    static evalhost_status score(void *self, const evalhost_record *row, const evalhost_sink *out) {                    \
        evalhost_text text = row->fields[0].text;                                                                       \
        (void)self;                                                                                                     \
        (void)text;

#endif
