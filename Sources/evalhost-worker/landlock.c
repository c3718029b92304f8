/*
 * landlock.c: which files a plugin may open. Spelled here, since the headers of older systems know less than the kernel
 * may; the rights that a kernel doesn't know are left out, the newest that it has are used.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "worker.h"

#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#define SYS_landlock_add_rule 445
#define SYS_landlock_restrict_self 446
#endif

#define VERSION_FLAG 1u
#define RULE_PATH_BENEATH 1

/* Rights on files, by the ABI that brought them. */
#define FS_EXECUTE (1ull << 0)
#define FS_WRITE_FILE (1ull << 1)
#define FS_READ_FILE (1ull << 2)
#define FS_READ_DIR (1ull << 3)
#define FS_REMOVE_DIR (1ull << 4)
#define FS_REMOVE_FILE (1ull << 5)
#define FS_MAKE_DIR (1ull << 7)
#define FS_MAKE_REG (1ull << 8)
#define FS_ABI1 ((1ull << 13) - 1)
#define FS_REFER (1ull << 13)     /* 2 */
#define FS_TRUNCATE (1ull << 14)  /* 3 */
#define FS_IOCTL_DEV (1ull << 15) /* 5 */
#define NET_BIND_TCP (1ull << 0)  /* 4 */
#define NET_CONNECT_TCP (1ull << 1)
#define SCOPE_ABSTRACT_UNIX_SOCKET (1ull << 0) /* 6 */
#define SCOPE_SIGNAL (1ull << 1)

#define READS (FS_READ_FILE | FS_READ_DIR)
#define WRITES                                                                                                         \
    (READS | FS_WRITE_FILE | FS_TRUNCATE | FS_MAKE_REG | FS_MAKE_DIR | FS_REMOVE_FILE | FS_REMOVE_DIR | FS_REFER)
#define DEVICES (READS | FS_WRITE_FILE | FS_IOCTL_DEV)
/* Of these, what makes sense for something that isn't a folder. */
#define ON_FILES (FS_EXECUTE | FS_WRITE_FILE | FS_READ_FILE | FS_TRUNCATE | FS_IOCTL_DEV)

struct ruleset {
    uint64_t handled_fs;
    uint64_t handled_net;
    uint64_t scoped;
};

struct path_beneath {
    uint64_t allowed;
    int32_t parent;
} __attribute__((packed));

/*
 * What every plugin may read. Nothing of anybody's home, no /etc but what libc itself reads, no certificates and no
 * names of hosts, since there is no network. What isn't there is left out.
 */
static const char *const base[] = {
    "/etc/ld.so.cache", /* the loader: where libraries are, and they themselves; gconv and locales lie there as well */
    "/lib",
    "/lib64",
    "/usr/lib",
    "/usr/lib64",
    "/usr/local/lib",
    "/usr/share/locale", /* setlocale, gettext */
    "/usr/share/zoneinfo", /* localtime, TimeZone */
    "/etc/localtime",
    "/etc/timezone",
    "/dev/null", /* but not /dev/zero: a shared mapping of it is memory that no limit counts */
    "/dev/urandom",
    "/dev/random",
    "/proc/self", /* the process itself, by whatever name */
    "/proc/cpuinfo", /* how many threads are worth starting: OpenMP, BLAS, Swift's concurrency */
    "/proc/stat",
    "/sys/devices/system/cpu",
    "/sys/fs/cgroup/cpu.max",
    "/proc/meminfo", /* malloc and how much there is to have */
    "/proc/sys/vm/overcommit_memory",
};

/* With the permission `network` besides: names of hosts, and who vouches for them. */
static const char *const network[] = {
    "/etc/resolv.conf", "/etc/hosts",    "/etc/host.conf", "/etc/nsswitch.conf",         "/etc/gai.conf",
    "/etc/services",    "/etc/protocols", "/etc/ssl/certs", "/usr/share/ca-certificates", "/etc/pki/tls/certs",
};

static void allow_open(int ruleset, int parent, uint64_t rights, const char *what) {
    struct stat status;
    if (fstat(parent, &status) != 0) return;
    if (!S_ISDIR(status.st_mode)) rights &= ON_FILES;
    struct path_beneath rule = {rights, parent};
    if (syscall(SYS_landlock_add_rule, ruleset, RULE_PATH_BENEATH, &rule, 0) != 0) {
        worker_fail(CEVAL_FAILURE_SANDBOX, "landlock, %s: %s", what, strerror(errno));
    }
}

static void allow(int ruleset, const char *path, uint64_t rights) {
    int parent = open(path, O_PATH | O_CLOEXEC);
    if (parent < 0) return;
    allow_open(ruleset, parent, rights, path);
    close(parent);
}

static void allow_strings(int ruleset, uint32_t kind, uint64_t rights) {
    for (const char *path = worker_string(kind, NULL); path; path = worker_string(kind, path)) {
        allow(ruleset, path, rights);
    }
}

/* The limit of the worker's own control group, which isn't the root's unless it is in a container. */
static void allow_own_cpu_limit(int ruleset) {
    char line[1024], path[1100];
    FILE *groups = fopen("/proc/self/cgroup", "re");
    if (!groups) return;
    while (fgets(line, sizeof line, groups)) {
        if (strncmp(line, "0::", 3) != 0) continue;
        line[strcspn(line, "\n")] = 0;
        snprintf(path, sizeof path, "/sys/fs/cgroup%s/cpu.max", line + 3);
        allow(ruleset, path, READS);
    }
    fclose(groups);
}

int landlock_apply(void) {
    const uint32_t flags = the_worker.start.flags;
    long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, VERSION_FLAG);
    if (abi <= 0) return 0;
    struct ruleset handled = {FS_ABI1, 0, 0};
    if (abi >= 2) handled.handled_fs |= FS_REFER;
    if (abi >= 3) handled.handled_fs |= FS_TRUNCATE;
    /* A plugin with `network` connects, but nobody connects to it. */
    if (abi >= 4) handled.handled_net = NET_BIND_TCP | (flags & CEVAL_START_NETWORK ? 0 : NET_CONNECT_TCP);
    if (abi >= 5) handled.handled_fs |= FS_IOCTL_DEV;
    if (abi >= 6) handled.scoped = SCOPE_ABSTRACT_UNIX_SOCKET | SCOPE_SIGNAL;
    /* Older kernels take a longer block whose end is zero. */
    int ruleset = (int)syscall(SYS_landlock_create_ruleset, &handled, sizeof handled, 0);
    if (ruleset < 0) worker_fail(CEVAL_FAILURE_SANDBOX, "landlock_create_ruleset: %s", strerror(errno));
    const uint64_t known = handled.handled_fs;
    for (size_t i = 0; i < sizeof base / sizeof base[0]; i++) allow(ruleset, base[i], READS & known);
    allow_own_cpu_limit(ruleset);
    if (flags & CEVAL_START_NETWORK) {
        for (size_t i = 0; i < sizeof network / sizeof network[0]; i++) allow(ruleset, network[i], READS & known);
    }
    allow_strings(ruleset, CEVAL_STRING_READ, READS & known);
    allow_strings(ruleset, CEVAL_STRING_WRITE, WRITES & known);
    allow_strings(ruleset, CEVAL_STRING_DEVICE, DEVICES & known);
    if (flags & CEVAL_START_HAS_ASSETS) allow_open(ruleset, CEVAL_FD_ASSETS, READS & known, "assets");
    if (syscall(SYS_landlock_restrict_self, ruleset, 0) != 0) {
        worker_fail(CEVAL_FAILURE_SANDBOX, "landlock_restrict_self: %s", strerror(errno));
    }
    close(ruleset);
    return (int)abi;
}
