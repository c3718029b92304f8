/* entry_loop.c: never stops to describe itself. */
#include "hostile.h"

EVALHOST_NOTE
EVALHOST_EXPORT const evalhost_plugin *evalhost_plugin_entry(void);
const evalhost_plugin *evalhost_plugin_entry(void) {
    volatile int patient = 1;
    while (patient) pause();
    return NULL;
}
