/*
 * seccomp.c: puts the filter of system calls in force, and answers what it refuses.
 *
 * Written without a library, since two rules for one call with the same argument ("these values are fine, all others are
 * recorded") are what most of our rules need. calls.c has the list.
 */
#define _GNU_SOURCE
#include <linux/audit.h>
#include <signal.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#include "filter.h"
#include "worker.h"

#ifndef SYS_SECCOMP
#define SYS_SECCOMP 1 /* si_code of SIGSYS */
#endif

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#define FIRST_X32_CALL 0x40000000u
#define RESULT(context) (context)->uc_mcontext.gregs[REG_RAX]
static uint64_t argument(const ucontext_t *at, int index) {
    static const int registers[] = {REG_RDI, REG_RSI, REG_RDX, REG_R10};
    return (uint64_t)at->uc_mcontext.gregs[registers[index]];
}
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#define RESULT(context) (context)->uc_mcontext.regs[0]
static uint64_t argument(const ucontext_t *at, int index) { return at->uc_mcontext.regs[index]; }
#else
#error "the sandbox knows x86-64 and arm64"
#endif

/* Offsets of what a filter can look at; the lower half of an argument comes first on the machines that we know. */
#define CALL_AT offsetof(struct seccomp_data, nr)
#define LOWER_HALF(argument) (offsetof(struct seccomp_data, args) + 8u * (uint32_t)(argument))
#define UPPER_HALF(argument) (LOWER_HALF(argument) + 4)

static void emit(filter *it, uint16_t code, uint32_t value, unsigned if_true, unsigned if_false) {
    if (it->count == FILTER_MAX_INSTRUCTIONS) {
        it->is_full = 1;
        return;
    }
    it->code[it->count++] = (struct sock_filter){code, (uint8_t)if_true, (uint8_t)if_false, value};
}

static void load(filter *it, uint32_t offset) { emit(it, BPF_LD | BPF_W | BPF_ABS, offset, 0, 0); }

/* Goes on with the next instruction if the loaded word is `value`, else skips so many. */
static void unless(filter *it, uint32_t value, unsigned skipped) { emit(it, BPF_JMP | BPF_JEQ | BPF_K, value, 0, skipped); }

static void decide(filter *it, uint32_t action) { emit(it, BPF_RET | BPF_K, action, 0, 0); }

void filter_begin(filter *it) {
    it->count = 0;
    it->is_full = 0;
    /* Calls by the numbers of another architecture (int 0x80 on x86-64) mean other calls. */
    load(it, offsetof(struct seccomp_data, arch));
    unless(it, ARCHITECTURE, 1);
    emit(it, BPF_JMP | BPF_JA, 1, 0, 0);
    decide(it, SECCOMP_RET_KILL_PROCESS);
    load(it, CALL_AT);
#ifdef FIRST_X32_CALL
    /* So do those of x32, which has the same architecture; -1 is no call at all, and fails by itself. */
    emit(it, BPF_JMP | BPF_JGE | BPF_K, FIRST_X32_CALL, 0, 2);
    emit(it, BPF_JMP | BPF_JEQ | BPF_K, UINT32_MAX, 1, 0);
    decide(it, SECCOMP_RET_KILL_PROCESS);
#endif
}

void filter_calls(filter *it, uint32_t action, const int *calls, size_t count) {
    for (size_t i = 0; i < count; i++) {
        unless(it, (uint32_t)calls[i], 1);
        decide(it, action);
    }
}

/* In each of these, the last instruction loads the call's number again, for the rules that follow. */
void filter_if(filter *it, int call, int argument, uint32_t mask, uint32_t value, uint32_t action) {
    unless(it, (uint32_t)call, 5);
    load(it, LOWER_HALF(argument));
    emit(it, BPF_ALU | BPF_AND | BPF_K, mask, 0, 0);
    unless(it, value, 1);
    decide(it, action);
    load(it, CALL_AT);
}

void filter_if_both(filter *it, int call, int first, uint32_t first_mask, uint32_t first_value, int second,
                    uint32_t second_mask, uint32_t second_value, uint32_t action) {
    unless(it, (uint32_t)call, 8);
    load(it, LOWER_HALF(first));
    emit(it, BPF_ALU | BPF_AND | BPF_K, first_mask, 0, 0);
    unless(it, first_value, 4);
    load(it, LOWER_HALF(second));
    emit(it, BPF_ALU | BPF_AND | BPF_K, second_mask, 0, 0);
    unless(it, second_value, 1);
    decide(it, action);
    load(it, CALL_AT);
}

void filter_if_null(filter *it, int call, int argument, uint32_t action) {
    unless(it, (uint32_t)call, 6);
    load(it, LOWER_HALF(argument));
    unless(it, 0, 3);
    load(it, UPPER_HALF(argument));
    unless(it, 0, 1);
    decide(it, action);
    load(it, CALL_AT);
}

void filter_if_and_null(filter *it, int call, int first, uint32_t value, int second, uint32_t action) {
    unless(it, (uint32_t)call, 8);
    load(it, LOWER_HALF(first));
    unless(it, value, 5);
    load(it, LOWER_HALF(second));
    unless(it, 0, 3);
    load(it, UPPER_HALF(second));
    unless(it, 0, 1);
    decide(it, action);
    load(it, CALL_AT);
}

void filter_end(filter *it, uint32_t action) { decide(it, action); }

/*
 * rt_sigprocmask, for a thread that was about to block signals: does it by the mask that is in force again when this
 * handler returns, but leaves SIGSYS out. A refused call while SIGSYS is blocked would end the process, and libraries
 * block everything where one doesn't expect it: in posix_spawn, on threads of pools.
 */
static long change_mask(ucontext_t *context) {
    const int how = (int)argument(context, 0);
    const uint64_t *set = (const uint64_t *)(uintptr_t)argument(context, 1);
    uint64_t *before = (uint64_t *)(uintptr_t)argument(context, 2);
    if (argument(context, 3) != sizeof *set) return -EINVAL;
    uint64_t mask, given = *set;
    memcpy(&mask, &context->uc_sigmask, sizeof mask);
    if (before) *before = mask;
    switch (how) {
    case SIG_BLOCK: mask |= given; break;
    case SIG_UNBLOCK: mask &= ~given; break;
    case SIG_SETMASK: mask = given; break;
    default: return -EINVAL;
    }
    mask &= ~(UINT64_C(1) << (SIGSYS - 1));
    memcpy(&context->uc_sigmask, &mask, sizeof mask);
    return 0;
}

static void on_refused(int signal, siginfo_t *info, void *given) {
    ucontext_t *context = given;
    if (info->si_code != SYS_SECCOMP) {
        faults_on_signal(signal, info, given);
        return;
    }
    if (info->si_syscall == SYS_rt_sigprocmask) {
        RESULT(context) = change_mask(context);
        return;
    }
    faults_denied((uint32_t)info->si_syscall);
    RESULT(context) = -EPERM;
}

void seccomp_apply(void) {
    static filter rules;
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = on_refused;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    sigaction(SIGSYS, &action, NULL);
    filter_begin(&rules);
    calls_write(&rules);
    /* A call that we don't know: libraries then do without, as on an older kernel. */
    filter_end(&rules, FAIL(ENOSYS));
    struct sock_fprog program = {rules.count, rules.code};
    if (rules.is_full) worker_fail(CEVAL_FAILURE_SANDBOX, "seccomp: too many rules");
    if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) != 0) {
        worker_fail(CEVAL_FAILURE_SANDBOX, "seccomp: %s", strerror(errno));
    }
}
