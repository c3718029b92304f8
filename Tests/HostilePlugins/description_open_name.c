/* description_open_name.c: has a name without a NUL, behind which the memory ends. */
#include "hostile.h"

#include <sys/mman.h>

EVALHOST_NOTE
EVALHOST_EXPORT const evalhost_plugin *evalhost_plugin_entry(void);
const evalhost_plugin *evalhost_plugin_entry(void) {
    static evalhost_plugin plugin;
    char *pages = (char *)mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    mprotect(pages + 4096, 4096, PROT_NONE);
    memset(pages + 4064, 'a', 32);
    plugin.struct_size = (uint32_t)sizeof plugin;
    plugin.abi_version = EVALHOST_ABI_VERSION;
    plugin.name = pages + 4064;
    plugin.version = "1.0.0";
    return &plugin;
}
