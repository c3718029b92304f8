/* calls.c: names of system calls that sandboxes refuse, for people. */
#define _GNU_SOURCE
#include <sys/syscall.h>

#include "evalsandbox.h"

#define CALL(name) { SYS_##name, #name }

static const struct {
    int number;
    const char *name;
} calls[] = {
#ifdef SYS_fork
    CALL(fork), CALL(vfork), CALL(open), CALL(creat), CALL(unlink), CALL(rename), CALL(mkdir), CALL(rmdir), CALL(link),
    CALL(symlink), CALL(chmod), CALL(chown), CALL(lchown), CALL(mknod), CALL(alarm), CALL(utime), CALL(utimes),
#endif
#ifdef SYS_futimesat
    CALL(futimesat),
#endif
#ifdef SYS_renameat
    CALL(renameat),
#endif
#ifdef SYS_memfd_secret
    CALL(memfd_secret),
#endif
    CALL(accept), CALL(accept4), CALL(add_key), CALL(bind), CALL(bpf), CALL(capset), CALL(chdir), CALL(chroot),
    CALL(clone), CALL(clone3), CALL(connect), CALL(delete_module), CALL(execve), CALL(execveat), CALL(fallocate),
    CALL(fanotify_init), CALL(fchdir), CALL(fchmod), CALL(fchmodat), CALL(fchown), CALL(fchownat), CALL(finit_module),
    CALL(fsetxattr), CALL(ftruncate), CALL(getpeername), CALL(getsockname), CALL(getsockopt), CALL(init_module),
    CALL(inotify_init1), CALL(io_setup), CALL(io_uring_enter), CALL(io_uring_register), CALL(io_uring_setup),
    CALL(kcmp), CALL(keyctl), CALL(kill), CALL(linkat), CALL(listen), CALL(memfd_create), CALL(mkdirat), CALL(mknodat),
    CALL(mlock), CALL(mmap), CALL(mount), CALL(mremap), CALL(name_to_handle_at), CALL(open_by_handle_at), CALL(openat),
    CALL(openat2), CALL(perf_event_open), CALL(personality), CALL(pidfd_getfd), CALL(pidfd_open),
    CALL(pidfd_send_signal), CALL(pivot_root), CALL(prctl), CALL(prlimit64), CALL(process_madvise),
    CALL(process_vm_readv), CALL(process_vm_writev), CALL(ptrace), CALL(quotactl), CALL(reboot), CALL(recvfrom),
    CALL(recvmsg), CALL(renameat2), CALL(request_key), CALL(rt_sigaction), CALL(rt_sigqueueinfo),
    CALL(rt_tgsigqueueinfo), CALL(seccomp), CALL(sendmsg), CALL(sendto), CALL(setdomainname), CALL(setfsgid),
    CALL(setfsuid), CALL(setgid), CALL(setgroups), CALL(sethostname), CALL(setitimer), CALL(setns), CALL(setpgid),
    CALL(setpriority), CALL(setregid), CALL(setresgid), CALL(setresuid), CALL(setreuid), CALL(setrlimit), CALL(setsid),
    CALL(setsockopt), CALL(settimeofday), CALL(setuid), CALL(setxattr), CALL(shmat), CALL(shmget), CALL(shutdown),
    CALL(socket), CALL(socketpair), CALL(swapon), CALL(symlinkat), CALL(sync), CALL(tgkill), CALL(timer_create),
    CALL(tkill), CALL(truncate), CALL(umount2), CALL(unlinkat), CALL(unshare), CALL(userfaultfd), CALL(utimensat),
    CALL(wait4), CALL(waitid), CALL(acct), CALL(adjtimex), CALL(clock_adjtime), CALL(clock_settime), CALL(fanotify_mark),
    CALL(fcntl), CALL(fremovexattr), CALL(inotify_add_watch), CALL(ioctl), CALL(kexec_load), CALL(lremovexattr),
    CALL(lsetxattr), CALL(migrate_pages), CALL(move_pages), CALL(mq_open), CALL(msgget), CALL(recvmmsg),
    CALL(removexattr), CALL(semget), CALL(sendmmsg), CALL(shmctl), CALL(swapoff), CALL(syslog), CALL(vhangup),
};

const char *ceval_call_name(int number) {
    for (unsigned i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        if (calls[i].number == number) return calls[i].name;
    }
    return "another system call";
}
