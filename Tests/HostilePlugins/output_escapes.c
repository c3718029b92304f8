/* output_escapes.c: prints what a terminal obeys, bytes that are no text, and a line without an end. */
#include "hostile.h"

HOSTILE_FRAME void talk(void) {
    static const char text[] = "\033]0;owned\007\033[2J\033[31m\000\377\376\300\257\r\n\033[6n{\"a\":1}\n";
    static char endless[100000];
    memset(endless, 'y', sizeof endless);
    if (write(1, text, sizeof text) < 0 || write(2, text, sizeof text) < 0) return;
    if (write(1, endless, sizeof endless) < 0) return;
}
HOSTILE_MISDEED(output_escapes, talk)
