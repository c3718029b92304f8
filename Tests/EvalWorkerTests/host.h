/* host.h: a small host for the tests of evalhost-worker: starts it, sends requests, reads sheets. */
#ifndef EVALWORKER_TESTS_HOST_H
#define EVALWORKER_TESTS_HOST_H

#include <evaltransport.h>
#include <signal.h>
#include <sys/types.h>

#define ROWS_SLOT_BYTES ((uint64_t)4 << 20)
#define RESULTS_SLOT_BYTES ((uint64_t)9 << 20)
#define SEED UINT64_C(0x1234567890abcdef)

/* What a worker is started with. */
typedef struct setup {
    const char *program;
    const char *library;
    const char *needed;  /* with its SONAME, or null */
    const char *soname;
    const char *assets;  /* or null */
    const char *version; /* null: that of the program */
    uint32_t flags;
    uint32_t threads;
    uint32_t slots;
    uint64_t memory_bytes;
    const char *strings[8]; /* "R/path", "W/path", "D/path" or "Mmodel" */
} setup;

typedef struct host {
    pid_t pid;
    int control, wake, out, err;
    uint8_t *rows, *results;
    uint64_t rows_bytes, results_bytes;
    uint32_t sequences[CEVAL_MAX_SLOTS];
} host;

/* Starts a worker. */
host host_start(const setup *with);
/* Waits until it serves, has failed or is gone; returns its phase. */
uint32_t host_wait_ready(host *it);
/* Ends it by closing all ends, and returns how waitpid saw it end. */
int host_end(host *it);
/* Waits for its end without asking for it. */
int host_wait(host *it);

const ceval_state *host_state(const host *it);
ceval_slot_in *host_in(const host *it, uint32_t slot);
const ceval_slot_out *host_out(const host *it, uint32_t slot);
uint8_t *host_rows(const host *it, uint32_t slot);
const uint8_t *host_results(const host *it, uint32_t slot);

/* Lays a row of texts into the slot's data at `at`; returns the place after it. */
uint64_t host_put_texts(const host *it, uint32_t slot, uint64_t at, const char *const *texts, uint32_t count,
                        const char *id);
uint64_t host_put_fields(const host *it, uint32_t slot, uint64_t at, const evalhost_field *fields, uint32_t count,
                         const char *id, int64_t start_ns);

/* Publishes a request. */
void host_request(host *it, uint32_t slot, uint32_t kind, uint32_t instance, uint32_t scorer, uint32_t rows,
                  uint32_t flags);
/* Wakes who waits on a word. */
void host_wake(const uint32_t *word);
/* Waits until it is done, or the worker is gone: 0, or -1 and the worker waits to be waited for. */
int host_wait_done(host *it, uint32_t slot);
/* Waits until the slot's ask_sequence is `number`. */
int host_wait_ask(host *it, uint32_t slot, uint32_t number);

/* Makes instance `number` of a scorer with settings; returns the status of its sheet. */
int32_t host_create(host *it, uint32_t slot, uint32_t number, uint32_t scorer, const evalhost_field *settings,
                    uint32_t count, const char *json);

/* The sheet at an offset, checked; null if it isn't one. */
const ceval_sheet_head *host_sheet(const host *it, uint32_t slot, uint64_t at);
/* Its first answer, or null. */
const ceval_answer *host_answer(const ceval_sheet_head *sheet);
/* Its message, as a C string in a static buffer. */
const char *host_message(const ceval_sheet_head *sheet);

/* Ends the test with a message if a condition doesn't hold. */
#define CHECK(condition) check((condition) != 0, #condition, __FILE__, __LINE__)
void check(int holds, const char *condition, const char *file, int line);
extern int checks;
extern const char *running; /* the test under way, for messages */

#endif
