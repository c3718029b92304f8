/* entry_null.c: describes itself by nothing. */
#include "hostile.h"

EVALHOST_NOTE
EVALHOST_EXPORT const evalhost_plugin *evalhost_plugin_entry(void);
const evalhost_plugin *evalhost_plugin_entry(void) { return NULL; }
