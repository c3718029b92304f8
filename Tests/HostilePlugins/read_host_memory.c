/* read_host_memory.c: opens the memory of the host as a file. */
#include "hostile.h"

#include <fcntl.h>
#include <stdio.h>

HOSTILE_FRAME int look(void) {
    char path[64];
    int descriptor;
    snprintf(path, sizeof path, "/proc/%ld/mem", (long)getppid());
    descriptor = open(path, O_RDONLY);
    if (descriptor >= 0) close(descriptor);
    return descriptor;
}
HOSTILE_ATTEMPT(read_host_memory, look)
