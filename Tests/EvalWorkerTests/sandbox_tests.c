/* sandbox_tests.c: what a plugin may do behind the sandbox, and what it may not. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests.h"

/* What the probe may do: without an error, and without a call that was refused. */
static void allows(host *it, const char *command) {
    const ceval_sheet_head *sheet = tell(it, command);
    CHECK(sheet && host_answer(sheet));
    if (host_answer(sheet)->integer != 0 || sheet->denied_count != 0) {
        fprintf(stderr, "%s: errno %d, %u refused, first %u\n", command, (int)host_answer(sheet)->integer,
                sheet->denied_count, sheet->denied[0]);
    }
    CHECK(host_answer(sheet)->integer == 0 && sheet->denied_count == 0);
}

/* What fails with that error; `recorded`: -1 no matter, else whether it was recorded. */
static void refuses(host *it, const char *command, int error, int recorded) {
    const ceval_sheet_head *sheet = tell(it, command);
    CHECK(sheet && host_answer(sheet));
    if (host_answer(sheet)->integer != error || (recorded >= 0 && (sheet->denied_count > 0) != recorded)) {
        fprintf(stderr, "%s: errno %d, %u refused\n", command, (int)host_answer(sheet)->integer, sheet->denied_count);
    }
    CHECK(host_answer(sheet)->integer == error && (recorded < 0 || (sheet->denied_count > 0) == recorded));
}

void keeps_plugins_in(void) {
    setup with = basic("probe.so");
    host it = probing(&with);
    CHECK((host_state(&it)->applied & sandbox) == (sandbox & ~(getuid() == 0 ? 0 : CEVAL_START_DROP)));
    static const char *const allowed[] = {"nothing", "thread", "iconv", "locale", "zone", "name", "affinity", "cpus",
                                          "pair", "private", "syslog", "thread's file", "openmp",
                                          "segv handler", "read /usr/share/zoneinfo/UTC",
                                          "read /dev/urandom", "read /proc/self/maps", "read /etc/ld.so.cache"};
    for (size_t i = 0; i < sizeof allowed / sizeof allowed[0]; i++) allows(&it, allowed[i]);
    static const char *const recorded[] = {
        "socket", "blocked socket", "fork", "spawn", "exec", "setrlimit", "kill parent", "shared", "growsdown", "memfd",
        "unlink", "dumpable", "pdeathsig", "timer", "owner", "blocking", "fionbio", "sendto", "uring",
        "write /tmp/evalhost-worker-test", "write /dev/null",
    };
    for (size_t i = 0; i < sizeof recorded / sizeof recorded[0]; i++) refuses(&it, recorded[i], EPERM, 1);
    refuses(&it, "clone3", ENOSYS, 0);
    refuses(&it, "openat2", ENOSYS, 0);
    refuses(&it, "unix socket", EPERM, 1);
    refuses(&it, "sigsys", EPERM, 0);
    allows(&it, "nothing");
    if (host_state(&it)->landlock_abi > 0) {
        refuses(&it, "read /etc/hostname", EACCES, 0);
        refuses(&it, "read /etc/passwd", EACCES, 0);
        char path[64];
        snprintf(path, sizeof path, "read /proc/%d/environ", getpid());
        refuses(&it, path, EACCES, 0);
    }
    quit(&it);
    with.flags &= ~CEVAL_START_LANDLOCK;
    it = ready(&with);
    CHECK(host_state(&it)->landlock_abi == 0 && !(host_state(&it)->applied & CEVAL_START_LANDLOCK));
    quit(&it);
    with = basic("probe.so");
    it = probing(&with);
    CHECK(tell(&it, "x32") == NULL);
    int status = host_wait(&it);
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS);
}

void grants_what_is_permitted(void) {
    char grant[600], command[600];
    setup with = basic("probe.so");
    with.flags |= CEVAL_START_WRITES | CEVAL_START_NETWORK;
    with.strings[0] = "R/etc/hostname";
    snprintf(grant, sizeof grant, "W%s/writable", folder);
    with.strings[1] = grant;
    host it = probing(&with);
    allows(&it, "socket");
    allows(&it, "read /etc/hostname");
    refuses(&it, "fork", EPERM, 1);
    snprintf(command, sizeof command, "write %s/writable/file", folder);
    allows(&it, command);
    if (host_state(&it)->landlock_abi > 0) refuses(&it, "write /tmp/evalhost-worker-test", EACCES, 0);
    quit(&it);
}

/* Tasks, dispatch and time zones of a plugin that brings its own Swift. */
void runs_swift(void) {
    setup with = basic("swift.so");
    if (access(with.library, F_OK) != 0) {
        puts("no Swift, so not tested: swift.so");
        return;
    }
    host it = probing(&with);
    allows(&it, "swift");
    allows(&it, "swift");
    quit(&it);
}
