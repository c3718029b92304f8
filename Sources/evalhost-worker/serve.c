/*
 * serve.c: the scoring threads. Each takes the requests of its slots in turn, and answers into the same slot.
 *
 * What stands in the results is written only: counters and offsets are kept in the lane, where a library that scribbles
 * over the shared memory doesn't lead us astray.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/futex.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "worker.h"

#define STACK_BYTES_ALONE ((size_t)8 << 20)
#ifndef STACK_BYTES_OF_MANY /* a sanitizer needs more */
#define STACK_BYTES_OF_MANY ((size_t)512 << 10)
#endif
/* So much below a stack can't be touched: frames of large arrays don't reach across. It costs addresses only. */
#define GUARD_BYTES ((size_t)1 << 20)
#define SIGNAL_STACK_BYTES ((size_t)64 << 10)

lane *the_lanes;
__thread lane *this_lane;

void serve_await_change(const uint32_t *word, uint32_t value) {
    syscall(SYS_futex, word, FUTEX_WAIT, value, NULL, NULL, 0);
}

static void set_current(lane *it, uint32_t current) {
    it->current = current;
    __atomic_store_n(&slot_out(it->slot)->current, current, __ATOMIC_RELEASE);
}

static void set_rows_done(const lane *it, uint32_t rows_done) {
    __atomic_store_n(&slot_out(it->slot)->rows_done, rows_done, __ATOMIC_RELEASE);
}

/* Begins a call of the plugin: `current` as in ceval_slot_out, and a sheet at that place of the slot's results. */
static void begin(lane *it, uint32_t current, uint64_t at) {
    if (it->denied_count > 0) {
        it->denied_count = 0;
        __atomic_store_n(&slot_out(it->slot)->denied_count, 0, __ATOMIC_RELAXED);
    }
    set_current(it, current);
    ceval_sheet_begin(&it->sheet, results_data(it->slot) + at, current - 1);
}

/* Ends it; returns the bytes of the sheet. */
static uint64_t end(lane *it, evalhost_status status) {
    return ceval_sheet_end(&it->sheet, status, it->denied, it->denied_count, the_worker.start.seed);
}

/* A status that isn't one is an error. */
static evalhost_status checked(lane *it, evalhost_status status) {
    if (status >= EVALHOST_OK && status <= EVALHOST_RETRY) return status;
    return evalhost_error(&it->sheet.sink, "score returned a number that is no status");
}

static uint64_t write_guards(lane *it) {
    uint64_t used = 0;
    for (uint32_t i = 0; i < CEVAL_GUARD_SHEETS; i++) {
        ceval_sheet_begin(&it->sheet, results_data(it->slot) + used, CEVAL_GUARD_ROW);
        used += ceval_sheet_end(&it->sheet, EVALHOST_OK, NULL, 0, the_worker.start.seed);
    }
    return used;
}

/* What came of a request. */
typedef struct outcome {
    uint32_t ended;
    uint64_t bytes;
} outcome;

static void read_row(lane *it, ceval_view *view, const uint8_t *row) {
    /* The memory limit is reached: abort, so that the fault handler says so. */
    if (ceval_view_read(view, row) != 0) abort();
    view->record.host = it;
}

static outcome score(lane *it, const ceval_slot_in *in) {
    const uint64_t room = the_worker.start.results_slot_bytes - CEVAL_SHEET_BYTES;
    const instance *of = instances_find(it, in->instance);
    const uint8_t *row = rows_data(it->slot);
    outcome result = {CEVAL_ENDED_ALL, in->flags & CEVAL_REQUEST_GUARDED ? write_guards(it) : 0};
    it->scoring = of;
    for (uint32_t i = 0; i < in->row_count; i++) {
        if (result.bytes > room) {
            result.ended = CEVAL_ENDED_NO_ROOM;
            break;
        }
        evalhost_status status;
        read_row(it, &it->view, row);
        begin(it, i + 1, result.bytes);
        if (of && of->score) status = checked(it, of->score(of->self, &it->view.record, &it->sheet.sink));
        else status = evalhost_error(&it->sheet.sink, "there is no such instance");
        result.bytes += end(it, status);
        set_rows_done(it, i + 1);
        row += ((const ceval_row *)(const void *)row)->bytes;
    }
    it->scoring = NULL;
    return result;
}

/* A row whose id is the session's, then the turns. */
static outcome score_session(lane *it, const ceval_slot_in *in) {
    const instance *of = instances_find(it, in->instance);
    const uint8_t *row = rows_data(it->slot);
    const uint32_t count = in->row_count > 0 ? in->row_count - 1 : 0;
    const evalhost_record **turns = calloc(count + 1, sizeof *turns);
    int64_t *start_ns = calloc(count + 1, sizeof *start_ns);
    if (count > it->turn_capacity) {
        it->turns = realloc(it->turns, count * sizeof *it->turns);
        if (it->turns) memset(it->turns + it->turn_capacity, 0, (count - it->turn_capacity) * sizeof *it->turns);
        it->turn_capacity = count;
    }
    if (!turns || !start_ns || (count > 0 && !it->turns)) abort();
    read_row(it, &it->view, row);
    for (uint32_t i = 0; i < count; i++) {
        row += ((const ceval_row *)(const void *)row)->bytes;
        read_row(it, &it->turns[i], row);
        turns[i] = &it->turns[i].record;
        start_ns[i] = ((const ceval_row *)(const void *)row)->start_ns;
    }
    evalhost_session session;
    memset(&session, 0, sizeof session);
    session.struct_size = (uint32_t)sizeof session;
    session.turn_count = count;
    session.id = it->view.record.id;
    session.turns = turns;
    session.start_ns = start_ns;
    evalhost_status status;
    it->scoring = of;
    begin(it, 1, 0);
    if (of && of->session) status = checked(it, of->session->score_session(of->self, &session, &it->sheet.sink));
    else status = evalhost_error(&it->sheet.sink, "the scorer doesn't offer evalhost.session");
    outcome result = {CEVAL_ENDED_ALL, end(it, status)};
    it->scoring = NULL;
    set_rows_done(it, 1);
    free(turns);
    free(start_ns);
    return result;
}

static outcome create(lane *it, const ceval_slot_in *in) {
    read_row(it, &it->view, rows_data(it->slot));
    begin(it, 1, 0);
    evalhost_status status = instances_create(it, in->instance, in->scorer, &it->view.record);
    outcome result = {CEVAL_ENDED_ALL, end(it, status)};
    set_rows_done(it, 1);
    return result;
}

/* Does the slot's request; returns whether it was the last of this thread. */
static int serve(lane *it, uint32_t slot, uint32_t sequence) {
    const ceval_slot_in *in = slot_in(slot);
    ceval_slot_out *out = slot_out(slot);
    const uint32_t kind = in->kind;
    outcome result = {CEVAL_ENDED_ALL, 0};
    it->slot = slot;
    set_rows_done(it, 0);
    switch (kind) {
    case CEVAL_REQUEST_DESCRIBE:
        set_current(it, 1);
        result.bytes = ceval_describe(the_worker.plugin, results_data(slot), the_worker.start.results_slot_bytes);
        break;
    case CEVAL_REQUEST_CREATE: result = create(it, in); break;
    case CEVAL_REQUEST_SCORE: result = score(it, in); break;
    case CEVAL_REQUEST_SESSION: result = score_session(it, in); break;
    case CEVAL_REQUEST_DESTROY:
        set_current(it, 1);
        instances_destroy(it, in->instance);
        break;
    case CEVAL_REQUEST_QUIT:
        set_current(it, 1);
        instances_destroy_all(it);
        break;
    default: break;
    }
    set_current(it, 0);
    out->ended = result.ended;
    out->bytes = result.bytes;
    __atomic_store_n(&out->done_sequence, sequence, __ATOMIC_RELEASE);
    worker_wake_host();
    return kind == CEVAL_REQUEST_QUIT;
}

static void *run(void *argument) {
    lane *it = argument;
    this_lane = it;
    faults_use_stack((void *)(it->stack_end + (size_t)sysconf(_SC_PAGESIZE)), SIGNAL_STACK_BYTES);
    ceval_sheet_init(&it->sheet);
    for (uint32_t slot = it->index;;) {
        const uint32_t *word = &slot_in(slot)->sequence;
        const uint32_t last = it->served[slot];
        uint32_t sequence;
        while ((sequence = __atomic_load_n(word, __ATOMIC_ACQUIRE)) == last) serve_await_change(word, last);
        it->served[slot] = sequence;
        if (serve(it, slot, sequence)) return NULL;
        slot += the_worker.start.thread_count;
        if (slot >= the_worker.start.slot_count) slot = it->index;
    }
}

/* One mapping for a thread: the guard, its stack, a page without access, and the stack of its signal handler. */
static void make_stack(lane *it, size_t stack_bytes) {
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    const size_t size = GUARD_BYTES + stack_bytes + page + SIGNAL_STACK_BYTES;
    char *base = mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
    if (base == MAP_FAILED || mprotect(base + GUARD_BYTES, stack_bytes, PROT_READ | PROT_WRITE) != 0 ||
        mprotect(base + size - SIGNAL_STACK_BYTES, SIGNAL_STACK_BYTES, PROT_READ | PROT_WRITE) != 0) {
        worker_fail(CEVAL_FAILURE_SYSTEM, "a thread's stack: %s", strerror(errno));
    }
    it->guard_start = (uintptr_t)base;
    it->stack_start = it->guard_start + GUARD_BYTES;
    it->stack_end = it->stack_start + stack_bytes;
}

void serve_start(void) {
    const uint32_t count = the_worker.start.thread_count;
    const size_t stack_bytes = count == 1 ? STACK_BYTES_ALONE : STACK_BYTES_OF_MANY;
    lane *lanes = calloc(count, sizeof *lanes);
    if (!lanes) worker_fail(CEVAL_FAILURE_SYSTEM, "no memory");
    the_lanes = lanes;
    for (uint32_t i = 0; i < count; i++) {
        lane *it = &lanes[i];
        pthread_attr_t attributes;
        it->index = i;
        make_stack(it, stack_bytes);
        pthread_attr_init(&attributes);
        pthread_attr_setstack(&attributes, (void *)it->stack_start, stack_bytes);
        int error = pthread_create(&it->thread, &attributes, run, it);
        pthread_attr_destroy(&attributes);
        if (error) worker_fail(CEVAL_FAILURE_SYSTEM, "pthread_create: %s", strerror(error));
    }
}

void serve_wait(void) {
    for (uint32_t i = 0; i < the_worker.start.thread_count; i++) pthread_join(the_lanes[i].thread, NULL);
}
