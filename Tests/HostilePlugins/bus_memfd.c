/* bus_memfd.c: touches an empty memory file that is mapped; without leave to make one, the library beyond its end. */
#include "hostile.h"

#include <sys/mman.h>

HOSTILE_FRAME void touch_beyond(void) {
    int file = memfd_create("empty", 0);
    int protection = PROT_READ | (file >= 0 ? PROT_WRITE : 0);
    volatile char *page = (volatile char *)mmap(NULL, 4096, protection, MAP_SHARED, file >= 0 ? file : HOSTILE_LIBRARY,
                                                file >= 0 ? 0 : 1 << 30);
    if (page == MAP_FAILED) return;
    if (file >= 0) *page = 1;
    else (void)*page;
}
HOSTILE_MISDEED(bus_memfd, touch_beyond)
