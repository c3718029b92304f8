/* read_host_environment.c: reads the environment of the host, where a model's key may stand. */
#include "hostile.h"

#include <fcntl.h>
#include <stdio.h>

HOSTILE_FRAME int look(void) {
    char path[64], byte;
    int descriptor, result;
    snprintf(path, sizeof path, "/proc/%ld/environ", (long)getppid());
    descriptor = open(path, O_RDONLY);
    if (descriptor < 0) return -1;
    result = (int)read(descriptor, &byte, 1);
    close(descriptor);
    return result;
}
HOSTILE_ATTEMPT(read_host_environment, look)
