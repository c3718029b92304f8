/* crash_tests.c: what is known of a worker that a plugin has ended. */
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "tests.h"

/* How a row ends the worker. */
static void dies(const char *command, int signal, uint32_t flags, int is_in_library) {
    setup with = basic("probe.so");
    host it = probing(&with);
    const char *rows[] = {"nothing", "nothing", command, "nothing"};
    uint64_t at = 0;
    for (int i = 0; i < 4; i++) at = host_put_texts(&it, 0, at, &rows[i], 1, "");
    host_request(&it, 0, CEVAL_REQUEST_SCORE, 1, 0, 4, 0);
    CHECK(host_wait_done(&it, 0) == -1);
    const ceval_slot_out out = *host_out(&it, 0);
    const ceval_state state = *host_state(&it);
    CHECK(out.current == 3 && out.rows_done == 2 && host_sheet(&it, 0, 0));
    int status = host_wait(&it);
    if (signal == 0) {
        CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 3 && state.fault.set == 0);
        return;
    }
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == signal);
    if (signal == SIGKILL) return;
    CHECK(state.fault.set == 1 && state.fault.signal == signal && state.fault.thread == 1);
    CHECK(state.fault.flags == flags && state.fault.frame_count >= 1);
    int seen = 0;
    for (uint32_t i = 0; i < state.fault.frame_count; i++) {
        seen |= state.fault.frames[i] >= state.library_start && state.fault.frames[i] < state.library_end;
    }
    if (!seen) fprintf(stderr, "%s: %u frames, none of the library\n", command, state.fault.frame_count);
    CHECK(seen || !is_in_library);
}

void tells_of_crashes(void) {
    dies("segv", SIGSEGV, 0, 1);
    dies("abort", SIGABRT, 0, 1);
    dies("trap", SIGILL, 0, 1);
    dies("wild", SIGSEGV, 0, 1);
    dies("exit", 0, 0, 0);
    dies("kill", SIGKILL, 0, 0);
    dies("overflow", SIGSEGV, CEVAL_FAULT_STACK_OVERFLOW, 1);
    if (sandbox) dies("raise SIGSYS", SIGSYS, 0, 1);
    if (sandbox) dies("blocked segv", SIGSEGV, 0, 1);
    if (sandbox) dies("memory", SIGABRT, CEVAL_FAULT_NO_MEMORY, 1);
}

void tells_of_crashes_while_loading(void) {
    setup with = basic("early.so");
    host it = host_start(&with);
    CHECK(host_wait_ready(&it) == CEVAL_PHASE_SANDBOXED);
    ceval_state state = *host_state(&it);
    int status = host_wait(&it);
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV && state.fault.set == 1 && state.fault.thread == 0);
    CHECK(state.fault.frames[0] >= state.library_start && state.fault.frames[0] < state.library_end);
}
