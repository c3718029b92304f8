/* shared.c: memory, wake-ups and processes for workers. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "evalsandbox.h"

#ifndef F_SEAL_FUTURE_WRITE
#define F_SEAL_FUTURE_WRITE 0x0010
#endif
#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#endif

#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 0x0008U
#endif

/* Kernels may refuse memory that doesn't say that it is no program (vm.memfd_noexec); older ones don't know the word. */
int ceval_memory(const char *name) {
    /* The kernel takes 249 bytes, which a path may exceed; its end says more than its beginning. */
    size_t size = strlen(name);
    if (size > 200) name += size - 200;
    int descriptor = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_NOEXEC_SEAL);
    if (descriptor < 0 && errno == EINVAL) descriptor = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
    return descriptor;
}

int ceval_shared_memory(const char *name, uint64_t size, int is_ours, void **mapping) {
    int descriptor = ceval_memory(name);
    if (descriptor < 0) return -errno;
    void *memory = MAP_FAILED;
    if (ftruncate(descriptor, (off_t)size) == 0) {
        memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, descriptor, 0);
    }
    int seals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL | (is_ours ? F_SEAL_FUTURE_WRITE : 0);
    if (memory == MAP_FAILED || fcntl(descriptor, F_ADD_SEALS, seals) != 0) {
        int error = errno;
        if (memory != MAP_FAILED) munmap(memory, size);
        close(descriptor);
        return -error;
    }
    *mapping = memory;
    return descriptor;
}

void ceval_discard(int descriptor, uint64_t offset, uint64_t size) {
    (void)fallocate(descriptor, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, (off_t)offset, (off_t)size);
}

int ceval_eventfd(void) {
    int descriptor = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    return descriptor < 0 ? -errno : descriptor;
}

int ceval_pidfd(int pid) {
    long descriptor = syscall(SYS_pidfd_open, pid, 0);
    return descriptor < 0 ? -errno : (int)descriptor;
}

int ceval_pipe(int ends[2]) {
    if (pipe2(ends, O_CLOEXEC) < 0) return -errno;
    /* Room for bursts; an ordinary user who has many pipes gets what is left. */
    (void)fcntl(ends[0], F_SETPIPE_SZ, 1 << 20);
    return 0;
}

int ceval_packet_pair(int pair[2]) {
    return socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0 ? -errno : 0;
}

/* Descriptors above all that a child gets, so that laying them down overwrites none that is still to come. */
#define CEVAL_CLEAR_OF 64
#define CEVAL_MAX_DESCRIPTORS 48

int ceval_spawn(const char *path, char *const argv[], char *const environment[], const int *descriptors, int count) {
    int copies[CEVAL_MAX_DESCRIPTORS];
    if (count > CEVAL_MAX_DESCRIPTORS) return -E2BIG;
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    int error = 0, made = 0;
    for (; made < count && error == 0; made++) {
        copies[made] = fcntl(descriptors[made], F_DUPFD_CLOEXEC, CEVAL_CLEAR_OF);
        if (copies[made] < 0) error = errno;
        else error = posix_spawn_file_actions_adddup2(&actions, copies[made], made);
    }
    if (error == 0) error = posix_spawn_file_actions_addclosefrom_np(&actions, count);
    /* Nothing of how the host treats signals: none is blocked or ignored in the child. */
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    /* A group of its own, so that the terminal's Ctrl-C reaches the host alone. */
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
    pid_t pid = -1;
    if (error == 0) error = posix_spawn(&pid, path, &actions, &attributes, argv, environment);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    for (int i = 0; i < made; i++) {
        if (copies[i] >= 0) close(copies[i]);
    }
    return error == 0 ? pid : -error;
}

int ceval_look(int pid, int *value) {
    siginfo_t info = {0};
    if (waitid(P_PID, (id_t)pid, &info, WEXITED | WSTOPPED | WNOHANG) != 0) {
        /* Somebody else has waited for our child: it is gone, and how is not to be known. */
        *value = SIGKILL;
        return errno == ECHILD ? CEVAL_CHILD_KILLED : CEVAL_CHILD_SAME;
    }
    if (info.si_pid == 0) return CEVAL_CHILD_SAME;
    *value = info.si_status;
    switch (info.si_code) {
    case CLD_EXITED: return CEVAL_CHILD_EXITED;
    case CLD_KILLED:
    case CLD_DUMPED: return CEVAL_CHILD_KILLED;
    case CLD_STOPPED: return CEVAL_CHILD_STOPPED;
    default: return CEVAL_CHILD_SAME;
    }
}

void ceval_futex_wake(const uint32_t *word) { syscall(SYS_futex, word, FUTEX_WAKE, INT32_MAX, NULL, NULL, 0); }

uint32_t ceval_load(const uint32_t *word) { return __atomic_load_n(word, __ATOMIC_ACQUIRE); }

void ceval_store(uint32_t *word, uint32_t value) { __atomic_store_n(word, value, __ATOMIC_RELEASE); }

int ceval_landlock_abi(void) {
    long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, 1 /* LANDLOCK_CREATE_RULESET_VERSION */);
    return abi < 0 ? 0 : (int)abi;
}

void ceval_hide_process(void) { (void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); }
