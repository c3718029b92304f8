/* code_overwritten.c: makes the page of one of its functions writable, overwrites it, and calls it. */
#include "hostile.h"

#include <sys/mman.h>

__attribute__((noinline, aligned(4096))) static int harmless(int number) {
    volatile int sum = number;
    return sum + 1;
}
HOSTILE_FRAME int overwrite(void) {
    int (*volatile function)(int) = harmless;
    unsigned char *code = (unsigned char *)(uintptr_t)function;
    if (mprotect(code, 4096, PROT_READ | PROT_WRITE | PROT_EXEC) != 0) return -1;
#if defined(__x86_64__)
    memcpy(code, "\x0f\x0b\x0f\x0b", 4);
#else
    memset(code, 0, 4);
#endif
    __builtin___clear_cache((char *)code, (char *)code + 4);
    return function(1);
}
HOSTILE_ATTEMPT(code_overwritten, overwrite)
