/* output_flood.c: writes 64 MiB to standard output and to standard error. */
#include "hostile.h"

static char line[65536];

static void flood(int descriptor) {
    for (size_t left = 64u << 20; left > 0;) {
        ssize_t written = write(descriptor, line, left < sizeof line ? left : sizeof line);
        if (written <= 0) break;
        left -= (size_t)written;
    }
}
HOSTILE_FRAME void talk(void) {
    memset(line, 'x', sizeof line);
    for (size_t at = 79; at < sizeof line; at += 80) line[at] = '\n';
    flood(1);
    flood(2);
}
HOSTILE_MISDEED(output_flood, talk)
