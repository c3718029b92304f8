/*
 * memory_shared.c: takes shared memory, which the limit of a process's data doesn't count, and touches it.
 * Its answer is why it gets no more, or that it has got 1.25 GiB.
 */
#include "hostile.h"

#include <sys/mman.h>

enum { BLOCK = 64 << 20, BLOCKS = 20 };

HOSTILE_FRAME int take_all(void) {
    for (int block = 0; block < BLOCKS; block++) {
        volatile char *bytes =
            (volatile char *)mmap(NULL, BLOCK, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        if (bytes == MAP_FAILED) return -1;
        for (size_t at = 0; at < BLOCK; at += 4096) bytes[at] = 1;
    }
    return 0;
}
HOSTILE_ATTEMPT(memory_shared, take_all)
