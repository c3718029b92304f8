/* corrupt_maps.c: finds the worker's own mapping of the answers in /proc/self/maps, and overwrites it. */
#include "hostile.h"

#include <stdio.h>

static evalhost_status score(void *self, const evalhost_record *row, const evalhost_sink *out) {
    char line[512];
    unsigned long start, end;
    FILE *maps;
    (void)self;
    if (!hostile_is_now(row)) return hostile_plain(row, out);
    maps = fopen("/proc/self/maps", "r");
    if (!maps) return evalhost_number(out, errno);
    while (fgets(line, (int)sizeof line, maps))
        if (strstr(line, "evalhost-results") && sscanf(line, "%lx-%lx rw", &start, &end) == 2)
            memset((void *)start, 0xC3, end - start);
    fclose(maps);
    return hostile_plain(row, out);
}
HOSTILE(corrupt_maps, .score = score)
