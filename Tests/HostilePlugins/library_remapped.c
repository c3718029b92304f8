/* library_remapped.c: maps the library for writing: all its workers run this one copy. */
#include "hostile.h"

#include <sys/mman.h>

HOSTILE_FRAME int map(void) {
    void *library = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, HOSTILE_LIBRARY, 0);
    if (library == MAP_FAILED) return -1;
    memset(library, 0, 64);
    return 0;
}
HOSTILE_ATTEMPT(library_remapped, map)
