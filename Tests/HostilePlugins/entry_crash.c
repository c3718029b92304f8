/* entry_crash.c: crashes when it is asked to describe itself. */
#include "hostile.h"

EVALHOST_NOTE
EVALHOST_EXPORT const evalhost_plugin *evalhost_plugin_entry(void);
const evalhost_plugin *evalhost_plugin_entry(void) {
    volatile int *volatile nowhere = NULL;
    *nowhere = 1;
    return NULL;
}
