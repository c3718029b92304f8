/*
 * worker.h: the parts of a worker, the small process in which evalhost runs the code of plugins.
 *
 *     main.c      its life from start to end        faults.c   what a crash leaves
 *     sandbox.c   limits, no root                   load.c     mapping the library
 *     landlock.c  which files                       binding.c  a function that is no plugin, instead of one
 *     seccomp.c, calls.c   which system calls       serve.c    requests and their answers
 *     instances.c, host.c, judge.c, assets.c   what the plugin sees
 *
 * How it talks with the host stands in evaltransport.h. A plugin shares the process, so nothing here is hidden from it:
 * the worker only keeps what it needs out of the shared memory, where a stray pointer is most likely to land.
 */
#ifndef EVALHOST_WORKER_H
#define EVALHOST_WORKER_H

#include <evalhost/ext/assets.h>
#include <evalhost/ext/judge.h>
#include <evalhost/ext/log.h>
#include <evalhost/ext/session.h>
#include <evaltransport.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Nothing of ours is a symbol that a library could find. */
#pragma GCC visibility push(hidden)

/* What the host said at the start, and where the two mappings are. */
typedef struct worker {
    ceval_start start; /* a copy */
    const uint8_t *rows;
    uint8_t *results;
    ceval_state *state;
    const char *host_version;
    const char *library;
    const char *model;
    const evalhost_plugin *plugin;
    pid_t pid;
} worker;

extern worker the_worker;

/* The next string of that kind after `last` (null: the first), or null. */
const char *worker_string(uint32_t kind, const char *last);

/* Says how far the worker is. */
void worker_phase(uint32_t phase);

/* Says why it can't go on, and ends it. */
void worker_fail(uint32_t failure, const char *format, ...) __attribute__((noreturn, format(printf, 2, 3)));

/* Tells the host that something is new. A worker that can't do that is of no use: it ends. */
void worker_wake_host(void);
#define WORKER_EXIT_MUTE 77

/* An instance of a scorer; it stays where it is until it is destroyed, since `host` is the plugin's. */
typedef struct instance {
    uint32_t number;
    uint32_t flags; /* of the scorer */
    void *self;
    evalhost_status (*score)(void *self, const evalhost_record *row, const evalhost_sink *out);
    void (*destroy)(void *self);
    const evalhost_session_scorer *session;
    evalhost_host host;
} instance;

/* A scoring thread with all that it works on. */
typedef struct lane {
    uint32_t index;
    pthread_t thread;
    uintptr_t guard_start; /* below its stack: no access */
    uintptr_t stack_start;
    uintptr_t stack_end;
    instance **instances;
    uint32_t instance_count;
    uint32_t instance_capacity;
    ceval_view view;
    ceval_view *turns; /* of a session */
    uint32_t turn_capacity;
    ceval_sheet sheet;
    uint32_t served[CEVAL_MAX_SLOTS]; /* the last sequence of each slot */
    uint32_t asked[CEVAL_MAX_SLOTS];  /* the last ask_sequence of each slot */

    /* The call under way. */
    uint32_t slot;
    uint32_t current; /* as in ceval_slot_out */
    const instance *scoring; /* null outside of score and score_session */
    uint32_t denied_count;
    uint32_t denied[CEVAL_MAX_DENIED];
} lane;

extern lane *the_lanes; /* start.thread_count of them */
extern __thread lane *this_lane;

/* sandbox.c: limits, root, privileges; and then landlock.c and seccomp.c. */
void sandbox_apply(void);
/* Lets nothing be opened but what is listed; returns the kernel's ABI, 0 if it has no Landlock. */
int landlock_apply(void);
void seccomp_apply(void);

/* faults.c. A thread without an alternate stack leaves no record of a stack overflow. */
void faults_install(void);
void faults_on_signal(int signal, siginfo_t *info, void *context);
void faults_use_stack(void *stack, size_t size);
/* The lane of which a system call was refused: this thread's, or the only one. */
void faults_denied(uint32_t call);

/* load.c: maps the library and asks it for its description. */
void load_library(void);
/* Maps a library by a path, or from CEVAL_FD_LIBRARY where that is null. */
void *load_open(const char *path);
/* Finds where it is mapped, also while its constructors run. */
void load_find(void);

/* binding.c: makes a plugin with one scorer of a function in a library that was mapped. */
const evalhost_plugin *binding_make(const ceval_binding *binding, void *library);
/* The scorer's function; `self` is what `create` made. */
evalhost_status binding_score(void *self, const evalhost_record *row, const evalhost_sink *out);

/* serve.c: starts the scoring threads, and waits until all of them have quit. */
void serve_start(void);
void serve_wait(void);
static inline const ceval_slot_in *slot_in(uint32_t slot) {
    return (const ceval_slot_in *)(const void *)(the_worker.rows + CEVAL_SLOTS_OFFSET) + slot;
}
static inline ceval_slot_out *slot_out(uint32_t slot) {
    return (ceval_slot_out *)(void *)(the_worker.results + CEVAL_SLOTS_OFFSET) + slot;
}
static inline const uint8_t *rows_data(uint32_t slot) {
    return the_worker.rows + CEVAL_DATA_OFFSET + slot * the_worker.start.rows_slot_bytes;
}
static inline uint8_t *results_data(uint32_t slot) {
    return the_worker.results + CEVAL_DATA_OFFSET + slot * the_worker.start.results_slot_bytes;
}
/* Waits while a word of the host is `value`. */
void serve_await_change(const uint32_t *word, uint32_t value);

/* instances.c: instances of this thread. */
instance *instances_find(const lane *it, uint32_t number);
/* Fills the sheet that was begun; returns its status. */
evalhost_status instances_create(lane *it, uint32_t number, uint32_t scorer, const evalhost_record *row);
void instances_destroy(lane *it, uint32_t number);
void instances_destroy_all(lane *it);

/* host.c: what a plugin may ask of the host; prepared once. */
void host_prepare(void);
const void *host_extension(const evalhost_host *host, const char *id, uint32_t revision);
extern evalhost_judge judge_table;
extern const evalhost_assets assets_table;

#pragma GCC visibility pop

#endif
