/* entry_wild.c: returns an address where there is nothing. */
#include "hostile.h"

EVALHOST_NOTE
EVALHOST_EXPORT const evalhost_plugin *evalhost_plugin_entry(void);
const evalhost_plugin *evalhost_plugin_entry(void) { return (const evalhost_plugin *)(uintptr_t)0x5000; }
