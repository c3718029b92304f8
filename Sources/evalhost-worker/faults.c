/*
 * faults.c: what a crash leaves for the host, written by a signal handler on a stack of its own.
 *
 * The essential words come first; a fault within the handler then just ends the process. The signal itself always does
 * in the end, so that the host sees it as it was.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>
#include <unwind.h>

#include "worker.h"

#define MEMORY_PROBE_BYTES ((size_t)16 << 20)
/* How far from the stack pointer a fault on a stack that we don't know is taken for an overflow. */
#define NEAR_BYTES ((uintptr_t)64 << 10)

static const int fatal[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP};

#if defined(__x86_64__)
static uintptr_t program_counter(const ucontext_t *at) { return (uintptr_t)at->uc_mcontext.gregs[REG_RIP]; }
static uintptr_t stack_pointer(const ucontext_t *at) { return (uintptr_t)at->uc_mcontext.gregs[REG_RSP]; }
/* Where a function that was called by a wild pointer would return to. */
static uintptr_t return_address(const ucontext_t *at) { return *(const uintptr_t *)stack_pointer(at); }
#elif defined(__aarch64__)
static uintptr_t program_counter(const ucontext_t *at) { return (uintptr_t)at->uc_mcontext.pc; }
static uintptr_t stack_pointer(const ucontext_t *at) { return (uintptr_t)at->uc_mcontext.sp; }
static uintptr_t return_address(const ucontext_t *at) { return (uintptr_t)at->uc_mcontext.regs[30]; }
#endif

static int is_stack_overflow(const siginfo_t *info, const ucontext_t *context) {
    if (info->si_signo != SIGSEGV && info->si_signo != SIGBUS) return 0;
    /* Whoever sends a signal by kill leaves other things where the address would be. */
    if (info->si_code <= 0) return 0;
    const uintptr_t address = (uintptr_t)info->si_addr, top = stack_pointer(context);
    const lane *it = this_lane;
    if (it) return address >= it->guard_start && address < it->stack_start;
    return address + NEAR_BYTES >= top && address < top + (uintptr_t)sysconf(_SC_PAGESIZE);
}

static int is_out_of_memory(void) {
    void *probe = mmap(NULL, MEMORY_PROBE_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (probe == MAP_FAILED) return 1;
    munmap(probe, MEMORY_PROBE_BYTES);
    return 0;
}

typedef struct walk {
    ceval_fault *fault;
    uintptr_t from;
    uint32_t count;
} walk;

/* The handler's own frames come first; the library's begin at the program counter of the fault. */
static _Unwind_Reason_Code note_frame(struct _Unwind_Context *context, void *argument) {
    walk *it = argument;
    uintptr_t at = (uintptr_t)_Unwind_GetIP(context);
    if (it->count == 0 && at != it->from) return _URC_NO_REASON;
    it->fault->frames[it->count++] = at;
    __atomic_store_n(&it->fault->frame_count, it->count, __ATOMIC_RELEASE);
    return it->count < CEVAL_MAX_FRAMES ? _URC_NO_REASON : _URC_END_OF_STACK;
}

static void write_fault(const siginfo_t *info, const ucontext_t *context) {
    ceval_fault *fault = &the_worker.state->fault;
    const uintptr_t from = program_counter(context);
    fault->signal = info->si_signo;
    fault->code = info->si_code;
    fault->thread = this_lane ? 1 + this_lane->index : 0;
    fault->address = info->si_code > 0 ? (uint64_t)(uintptr_t)info->si_addr : 0;
    fault->flags = is_stack_overflow(info, context) ? CEVAL_FAULT_STACK_OVERFLOW : 0;
    if (is_out_of_memory()) fault->flags |= CEVAL_FAULT_NO_MEMORY;
    fault->frames[0] = from;
    fault->frame_count = 1;
    __atomic_store_n(&fault->set, 1, __ATOMIC_RELEASE);
    if (the_worker.state->library_start == 0) load_find();
    if (info->si_code > 0 && (uintptr_t)info->si_addr == from) {
        /* A call by a wild pointer: the unwinder would look at what lies there. */
        fault->frames[1] = return_address(context);
        fault->frame_count = 2;
        return;
    }
    walk walk = {fault, from, 0};
    _Unwind_Backtrace(note_frame, &walk);
}

void faults_on_signal(int signal, siginfo_t *info, void *context) {
    static int is_under_way;
    /* From here on the default is in force: a second fault, here or on another thread, ends the process. */
    struct sigaction by_default;
    memset(&by_default, 0, sizeof by_default);
    for (size_t i = 0; i < sizeof fatal / sizeof fatal[0]; i++) sigaction(fatal[i], &by_default, NULL);
    if (!__atomic_exchange_n(&is_under_way, 1, __ATOMIC_ACQ_REL)) write_fault(info, context);
    syscall(SYS_tgkill, the_worker.pid, syscall(SYS_gettid), signal);
}

void faults_denied(uint32_t call) {
    lane *it = this_lane;
    if (!it && the_lanes && the_worker.start.thread_count == 1) it = the_lanes;
    if (!it) return;
    uint32_t count = __atomic_fetch_add(&it->denied_count, 1, __ATOMIC_RELAXED);
    ceval_slot_out *out = slot_out(it->slot);
    if (count < CEVAL_MAX_DENIED) it->denied[count] = out->denied[count] = call;
    __atomic_store_n(&out->denied_count, count + 1, __ATOMIC_RELEASE);
}

void faults_use_stack(void *stack, size_t size) {
    stack_t alternate;
    memset(&alternate, 0, sizeof alternate);
    alternate.ss_sp = stack;
    alternate.ss_size = size;
    sigaltstack(&alternate, NULL);
}

void faults_install(void) {
    static char stack[64 << 10] __attribute__((aligned(16)));
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = faults_on_signal;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < sizeof fatal / sizeof fatal[0]; i++) sigaction(fatal[i], &action, NULL);
    /* For constructors of the library, which run on the first thread. */
    faults_use_stack(stack, sizeof stack);
}
