/* vm_read_host.c: copies the host's memory. Nothing lies at the address: who may try learns just that. */
#include "hostile.h"

#include <sys/uio.h>

HOSTILE_FRAME int copy(void) {
    char bytes[16];
    struct iovec here = {bytes, sizeof bytes}, there = {(void *)(uintptr_t)0x10000, sizeof bytes};
    return (int)process_vm_readv(getppid(), &here, 1, &there, 1, 0);
}
HOSTILE_ATTEMPT(vm_read_host, copy)
