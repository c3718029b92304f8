/* sandbox.c: what a worker gives up before it maps the library. Done while it has one thread only. */
#define _GNU_SOURCE
#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "worker.h"

#define NOBODY 65534
#define MAX_OPEN_FILES 64

static void check(int result, const char *call) {
    if (result != 0) worker_fail(CEVAL_FAILURE_SANDBOX, "%s: %s", call, strerror(errno));
}

/* Hard limits: nobody but root can raise them again. A lower one that is there already stays. */
static void limit(__rlimit_resource_t resource, rlim_t most, const char *call) {
    struct rlimit now;
    check(getrlimit(resource, &now), call);
    if (now.rlim_max < most) most = now.rlim_max;
    now.rlim_cur = now.rlim_max = most;
    check(setrlimit(resource, &now), call);
}

static void set_limits(void) {
    /* Private memory that can be written. What isn't counted there is refused by seccomp. */
    limit(RLIMIT_DATA, the_worker.start.memory_bytes, "RLIMIT_DATA");
    limit(RLIMIT_NOFILE, MAX_OPEN_FILES, "RLIMIT_NOFILE");
    limit(RLIMIT_CORE, 0, "RLIMIT_CORE");
    if (!(the_worker.start.flags & CEVAL_START_WRITES)) limit(RLIMIT_FSIZE, 0, "RLIMIT_FSIZE");
}

/* Root becomes nobody, without a capability that it could get back. */
static void drop_root(void) {
    for (int capability = 0; prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) == 0; capability++) {}
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    check(setgroups(0, NULL), "setgroups");
    check(setresgid(NOBODY, NOBODY, NOBODY), "setresgid");
    check(setresuid(NOBODY, NOBODY, NOBODY), "setresuid");
    struct __user_cap_header_struct head = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct none[2] = {{0, 0, 0}, {0, 0, 0}};
    check((int)syscall(SYS_capset, &head, none), "capset");
}

void sandbox_apply(void) {
    const uint32_t flags = the_worker.start.flags;
    ceval_state *state = the_worker.state;
    if (flags & CEVAL_START_LIMITS) {
        set_limits();
        state->applied |= CEVAL_START_LIMITS;
    }
    if ((flags & CEVAL_START_DROP) && geteuid() == 0) {
        drop_root();
        state->applied |= CEVAL_START_DROP;
    }
    /* The worker ends with its host. Set here, since giving up root clears it; the host may be gone already. */
    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    if ((uint32_t)getppid() != the_worker.start.parent) _exit(WORKER_EXIT_MUTE);
    if (flags & (CEVAL_START_LANDLOCK | CEVAL_START_SECCOMP)) {
        /* No program that is run can give back what is taken here, and no other process of this user may look in. */
        check(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "PR_SET_NO_NEW_PRIVS");
        check(prctl(PR_SET_DUMPABLE, 0, 0, 0, 0), "PR_SET_DUMPABLE");
    }
    if (flags & CEVAL_START_LANDLOCK) {
        state->landlock_abi = (uint32_t)landlock_apply();
        if (state->landlock_abi > 0) state->applied |= CEVAL_START_LANDLOCK;
    }
    if (flags & CEVAL_START_SECCOMP) {
        seccomp_apply();
        state->applied |= CEVAL_START_SECCOMP;
    }
}
