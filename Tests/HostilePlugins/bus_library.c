/* bus_library.c: maps its own library from the worker's descriptor and reads beyond its end. SIGBUS. */
#include "hostile.h"

#include <sys/mman.h>
#include <sys/stat.h>

HOSTILE_FRAME void read_beyond(void) {
    struct stat status;
    volatile const char *bytes;
    if (fstat(HOSTILE_LIBRARY, &status) != 0) return;
    bytes = (volatile const char *)mmap(NULL, (size_t)status.st_size + (2 << 20), PROT_READ, MAP_PRIVATE,
                                        HOSTILE_LIBRARY, 0);
    if (bytes == MAP_FAILED) return;
    (void)bytes[status.st_size + (1 << 20)];
}
HOSTILE_MISDEED(bus_library, read_beyond)
