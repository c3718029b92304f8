/* rows_remapped.c: maps the rows once more, for writing. */
#include "hostile.h"

#include <sys/mman.h>

HOSTILE_FRAME int map(void) {
    void *rows = mmap(NULL, 1 << 17, PROT_READ | PROT_WRITE, MAP_SHARED, HOSTILE_ROWS, 0);
    if (rows == MAP_FAILED) return -1;
    memset(rows, 0, 1 << 17);
    return 0;
}
HOSTILE_ATTEMPT(rows_remapped, map)
