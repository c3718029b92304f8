/*
 * calls.c: which system calls a plugin may make. What is known to be wrong is refused and recorded; what isn't listed
 * fails as on a kernel that doesn't have it. Within a call's rules the first that fits decides.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include "filter.h"
#include "worker.h"

#define ALL_BITS UINT32_MAX

/* Numbers that older headers lack; they are the same on all architectures. */
#ifndef SYS_process_madvise
#define SYS_process_madvise 440
#endif
#ifndef SYS_memfd_secret
#define SYS_memfd_secret 447
#endif
#ifndef SYS_futex_waitv
#define SYS_futex_waitv 449
#endif
#define CALL_FUTEX_WAKE 454
#define CALL_FUTEX_WAIT 455
#define CALL_FUTEX_REQUEUE 456
#ifndef PR_SET_VMA
#define PR_SET_VMA 0x53564d41
#endif

static int has(uint32_t flag) { return (the_worker.start.flags & flag) != 0; }

/* One of these values of an argument is fine, all others are not. */
#define ONLY(it, call, argument, otherwise, ...)                                                                       \
    do {                                                                                                               \
        const uint32_t fine_[] = {__VA_ARGS__};                                                                        \
        for (size_t i_ = 0; i_ < sizeof fine_ / sizeof fine_[0]; i_++)                                                 \
            filter_if(it, call, argument, ALL_BITS, fine_[i_], ALLOW);                                                 \
        CALLS(it, otherwise, call);                                                                                    \
    } while (0)

/* Memory: free within RLIMIT_DATA. What that limit doesn't count is refused: shared anonymous memory, and stacks that
 * grow. */
static void memory(filter *it) {
    filter_if(it, SYS_mmap, 3, MAP_SHARED | MAP_ANONYMOUS, MAP_SHARED | MAP_ANONYMOUS, REFUSE);
    filter_if(it, SYS_mmap, 3, MAP_GROWSDOWN, MAP_GROWSDOWN, REFUSE);
    CALLS(it, ALLOW, SYS_mmap, SYS_munmap, SYS_mprotect, SYS_mremap, SYS_brk, SYS_madvise, SYS_mincore, SYS_msync,
          SYS_munlock, SYS_munlockall, SYS_membarrier, SYS_pkey_alloc, SYS_pkey_free, SYS_pkey_mprotect,
          SYS_get_mempolicy);
    /* Libraries try these for speed or secrecy, and do without. */
    CALLS(it, FAIL(EPERM), SYS_mlock, SYS_mlock2, SYS_mlockall, SYS_mbind, SYS_set_mempolicy);
    CALLS(it, REFUSE, SYS_memfd_create, SYS_memfd_secret, SYS_shmget, SYS_shmat, SYS_shmctl, SYS_msgget, SYS_semget,
          SYS_mq_open, SYS_userfaultfd, SYS_process_madvise, SYS_migrate_pages, SYS_move_pages);
}

/* Threads, but no processes: all that threads share must be shared. clone3 has its flags in memory, where a filter can't
 * look: ENOSYS, and libc uses clone. */
static void threads(filter *it) {
    const uint32_t thread = CLONE_VM | CLONE_SIGHAND | CLONE_THREAD;
    const uint32_t spaces = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID |
                            CLONE_NEWNET;
    filter_if(it, SYS_clone, 0, thread | spaces, thread, ALLOW);
    CALLS(it, REFUSE, SYS_clone, SYS_execve, SYS_execveat);
#ifdef SYS_fork
    CALLS(it, REFUSE, SYS_fork, SYS_vfork);
#endif
    CALLS(it, ALLOW, SYS_futex, SYS_futex_waitv, CALL_FUTEX_WAKE, CALL_FUTEX_WAIT, CALL_FUTEX_REQUEUE,
          SYS_set_robust_list, SYS_get_robust_list, SYS_set_tid_address, SYS_rseq, SYS_sched_yield,
          SYS_sched_getaffinity, SYS_sched_getparam, SYS_sched_getscheduler, SYS_sched_getattr,
          SYS_sched_get_priority_max, SYS_sched_get_priority_min, SYS_sched_rr_get_interval, SYS_getpriority,
          SYS_ioprio_get, SYS_getcpu, SYS_exit, SYS_exit_group, SYS_restart_syscall, SYS_wait4, SYS_waitid);
#ifdef SYS_arch_prctl
    CALLS(it, ALLOW, SYS_arch_prctl);
#endif
    /* On itself only, since other processes of the same user can be named too. */
    filter_if(it, SYS_sched_setaffinity, 0, ALL_BITS, 0, ALLOW);
    CALLS(it, FAIL(EPERM), SYS_sched_setaffinity, SYS_sched_setparam, SYS_sched_setscheduler, SYS_sched_setattr,
          SYS_setpriority, SYS_ioprio_set);
    ONLY(it, SYS_prctl, 0, REFUSE, PR_SET_NAME, PR_GET_NAME, PR_SET_VMA, PR_GET_DUMPABLE, PR_GET_PDEATHSIG,
         PR_GET_NO_NEW_PRIVS, PR_CAPBSET_READ, PR_GET_TIMERSLACK, PR_SET_TIMERSLACK, PR_GET_THP_DISABLE,
         PR_SET_THP_DISABLE);
    ONLY(it, SYS_personality, 0, REFUSE, UINT32_MAX);
}

/* Signals: of its own, to itself. SIGSYS is ours, and is never blocked (see change_mask). Timers would end a later row. */
static void signals(filter *it) {
    const uint32_t self = (uint32_t)the_worker.pid;
    filter_if(it, SYS_rt_sigaction, 0, ALL_BITS, SIGSYS, FAIL(EPERM));
    filter_if_null(it, SYS_rt_sigprocmask, 1, ALLOW);
    filter_if(it, SYS_rt_sigprocmask, 0, ALL_BITS, SIG_UNBLOCK, ALLOW);
    CALLS(it, SECCOMP_RET_TRAP, SYS_rt_sigprocmask);
    CALLS(it, ALLOW, SYS_rt_sigaction, SYS_rt_sigreturn, SYS_sigaltstack, SYS_rt_sigpending, SYS_rt_sigsuspend,
          SYS_rt_sigtimedwait);
#ifdef SYS_pause
    CALLS(it, ALLOW, SYS_pause);
    CALLS(it, REFUSE, SYS_alarm);
#endif
    ONLY(it, SYS_kill, 0, REFUSE, self);
    ONLY(it, SYS_tgkill, 0, REFUSE, self);
    ONLY(it, SYS_rt_sigqueueinfo, 0, REFUSE, self);
    ONLY(it, SYS_rt_tgsigqueueinfo, 0, REFUSE, self);
    CALLS(it, REFUSE, SYS_tkill, SYS_setitimer, SYS_timer_create, SYS_pidfd_open, SYS_pidfd_send_signal,
          SYS_pidfd_getfd);
}

/* Opening is reading, unless there are paths that may be written. Which paths, Landlock decides. openat2 has its flags
 * in memory: ENOSYS. */
static void files(filter *it) {
    const uint32_t writing = O_ACCMODE | O_CREAT | O_TRUNC;
    CALLS(it, ALLOW, SYS_read, SYS_readv, SYS_pread64, SYS_preadv, SYS_preadv2, SYS_write, SYS_writev, SYS_pwrite64,
          SYS_pwritev, SYS_pwritev2, SYS_close, SYS_close_range, SYS_lseek, SYS_fstat, SYS_newfstatat, SYS_statx,
          SYS_statfs, SYS_fstatfs, SYS_faccessat, SYS_faccessat2, SYS_readlinkat, SYS_getdents64, SYS_getcwd,
          SYS_flock, SYS_fsync, SYS_fdatasync, SYS_sync_file_range, SYS_fadvise64, SYS_readahead, SYS_sendfile,
          SYS_copy_file_range, SYS_splice, SYS_tee, SYS_vmsplice, SYS_umask, SYS_getxattr, SYS_lgetxattr,
          SYS_fgetxattr, SYS_listxattr, SYS_llistxattr, SYS_flistxattr);
#ifdef SYS_open
    CALLS(it, ALLOW, SYS_stat, SYS_lstat, SYS_access, SYS_readlink, SYS_getdents);
#endif
    /* With a path to write come the calls that one needs to put a file there. */
    const uint32_t change = has(CEVAL_START_WRITES) ? ALLOW : REFUSE;
    if (change == REFUSE) filter_if(it, SYS_openat, 2, writing, O_RDONLY, ALLOW);
    CALLS(it, change, SYS_openat, SYS_ftruncate, SYS_truncate, SYS_fallocate, SYS_mkdirat, SYS_unlinkat, SYS_renameat2,
          SYS_utimensat);
#ifdef SYS_renameat
    CALLS(it, change, SYS_renameat);
#endif
#ifdef SYS_open
    if (change == REFUSE) filter_if(it, SYS_open, 1, writing, O_RDONLY, ALLOW);
    CALLS(it, change, SYS_open, SYS_creat, SYS_unlink, SYS_rename, SYS_mkdir, SYS_rmdir);
    CALLS(it, REFUSE, SYS_chmod, SYS_chown, SYS_lchown, SYS_link, SYS_symlink, SYS_mknod, SYS_utime, SYS_utimes,
          SYS_futimesat);
#endif
    CALLS(it, REFUSE, SYS_chdir, SYS_fchdir, SYS_chroot, SYS_fchmod, SYS_fchmodat, SYS_fchown, SYS_fchownat, SYS_linkat,
          SYS_symlinkat, SYS_mknodat, SYS_setxattr, SYS_lsetxattr, SYS_fsetxattr, SYS_removexattr, SYS_lremovexattr,
          SYS_fremovexattr, SYS_sync, SYS_name_to_handle_at, SYS_open_by_handle_at, SYS_fanotify_init,
          SYS_fanotify_mark, SYS_inotify_add_watch, SYS_quotactl, SYS_acct);
}

/*
 * Descriptors. No signals by way of them (F_SETOWN names any process), and none is made to block: some are shared with
 * the host, which reads them on a thread that must not wait.
 */
static void descriptors(filter *it) {
    filter_if(it, SYS_fcntl, 1, ALL_BITS, F_GETFL, ALLOW);
    static const uint32_t fine[] = {F_DUPFD, F_GETFD, F_SETFD, F_GETLK, F_SETLK, F_SETLKW, F_DUPFD_CLOEXEC,
                                    F_OFD_GETLK, F_OFD_SETLK, F_OFD_SETLKW, F_GETPIPE_SZ, F_SETPIPE_SZ, F_GET_SEALS};
    for (size_t i = 0; i < sizeof fine / sizeof fine[0]; i++) filter_if(it, SYS_fcntl, 1, ALL_BITS, fine[i], ALLOW);
    filter_if_both(it, SYS_fcntl, 1, ALL_BITS, F_SETFL, 2, O_NONBLOCK | O_ASYNC, O_NONBLOCK, ALLOW);
    CALLS(it, REFUSE, SYS_fcntl);
    static const uint32_t harmless[] = {0x5401 /* TCGETS */, 0x5413 /* TIOCGWINSZ */, 0x541B /* FIONREAD */,
                                        0x5450 /* FIONCLEX */, 0x5451 /* FIOCLEX */};
    for (size_t i = 0; i < sizeof harmless / sizeof harmless[0]; i++) {
        filter_if(it, SYS_ioctl, 1, ALL_BITS, harmless[i], ALLOW);
    }
    if (worker_string(CEVAL_STRING_DEVICE, NULL)) {
        /* Those of drivers carry a direction; the old ones of terminals and sockets, FIONBIO among them, don't. */
        filter_if(it, SYS_ioctl, 1, 0x40000000u, 0x40000000u, ALLOW);
        filter_if(it, SYS_ioctl, 1, 0x80000000u, 0x80000000u, ALLOW);
    }
    CALLS(it, REFUSE, SYS_ioctl);
    CALLS(it, ALLOW, SYS_dup, SYS_dup3, SYS_pipe2, SYS_eventfd2, SYS_epoll_create1, SYS_epoll_ctl, SYS_epoll_pwait,
          SYS_epoll_pwait2, SYS_ppoll, SYS_pselect6, SYS_timerfd_create, SYS_timerfd_settime, SYS_timerfd_gettime,
          SYS_signalfd4);
#ifdef SYS_open
    CALLS(it, ALLOW, SYS_dup2, SYS_pipe, SYS_eventfd, SYS_epoll_create, SYS_epoll_wait, SYS_poll, SYS_select,
          SYS_signalfd);
#endif
}

/* Sockets: pairs within the process, and the one to the host, without addresses and without passing descriptors. */
static void sockets(filter *it) {
    ONLY(it, SYS_socketpair, 0, REFUSE, AF_UNIX);
    CALLS(it, ALLOW, SYS_recvfrom, SYS_getsockname, SYS_getpeername, SYS_getsockopt);
    if (has(CEVAL_START_NETWORK)) {
        /* To others, but not for others: nobody connects here. AF_UNIX reaches services of this machine: not meant. */
        filter_if(it, SYS_socket, 0, ALL_BITS, AF_UNIX, FAIL(EPERM));
        ONLY(it, SYS_socket, 0, REFUSE, AF_INET, AF_INET6, AF_NETLINK);
        CALLS(it, ALLOW, SYS_connect, SYS_bind, SYS_sendto, SYS_sendmsg, SYS_sendmmsg, SYS_recvmsg, SYS_recvmmsg,
              SYS_setsockopt, SYS_shutdown);
    }
    filter_if_null(it, SYS_sendto, 4, ALLOW);
    CALLS(it, REFUSE, SYS_socket, SYS_connect, SYS_bind, SYS_listen, SYS_accept, SYS_accept4, SYS_sendto, SYS_sendmsg,
          SYS_sendmmsg, SYS_recvmsg, SYS_recvmmsg, SYS_setsockopt, SYS_shutdown);
}

/* What the machine and the process are. */
static void facts(filter *it) {
    CALLS(it, ALLOW, SYS_getpid, SYS_gettid, SYS_getppid, SYS_getpgid, SYS_getsid, SYS_getuid, SYS_geteuid, SYS_getgid,
          SYS_getegid, SYS_getresuid, SYS_getresgid, SYS_getgroups, SYS_capget, SYS_getrlimit, SYS_getrusage,
          SYS_sysinfo, SYS_uname, SYS_times, SYS_getrandom, SYS_clock_gettime, SYS_clock_getres, SYS_clock_nanosleep,
          SYS_nanosleep, SYS_gettimeofday);
#ifdef SYS_time
    CALLS(it, ALLOW, SYS_time, SYS_getpgrp);
#endif
    /* Its own limits may be read. */
    filter_if_and_null(it, SYS_prlimit64, 0, 0, 2, ALLOW);
    filter_if_and_null(it, SYS_prlimit64, 0, (uint32_t)the_worker.pid, 2, ALLOW);
    CALLS(it, REFUSE, SYS_prlimit64, SYS_setrlimit);
}

/* Other processes, other identities, the kernel and the machine. */
static void privileges(filter *it) {
    CALLS(it, REFUSE, SYS_ptrace, SYS_process_vm_readv, SYS_process_vm_writev, SYS_kcmp, SYS_setpgid, SYS_setsid);
    CALLS(it, REFUSE, SYS_setuid, SYS_setgid, SYS_setreuid, SYS_setregid, SYS_setresuid, SYS_setresgid, SYS_setfsuid,
          SYS_setfsgid, SYS_setgroups, SYS_capset, SYS_add_key, SYS_request_key, SYS_keyctl);
    CALLS(it, REFUSE, SYS_io_uring_setup, SYS_io_uring_enter, SYS_io_uring_register, SYS_io_setup, SYS_bpf,
          SYS_perf_event_open, SYS_seccomp, SYS_unshare, SYS_setns, SYS_mount, SYS_umount2, SYS_pivot_root,
          SYS_init_module, SYS_finit_module, SYS_delete_module, SYS_kexec_load, SYS_reboot, SYS_swapon, SYS_swapoff,
          SYS_sethostname, SYS_setdomainname, SYS_settimeofday, SYS_clock_settime, SYS_adjtimex, SYS_clock_adjtime,
          SYS_syslog, SYS_vhangup);
#ifdef SYS_iopl
    CALLS(it, REFUSE, SYS_iopl, SYS_ioperm, SYS_modify_ldt);
#endif
}

/* Rules that look at arguments are searched one by one; the others the kernel remembers by number. */
void calls_write(filter *it) {
    memory(it);
    threads(it);
    signals(it);
    files(it);
    descriptors(it);
    sockets(it);
    facts(it);
    privileges(it);
}
