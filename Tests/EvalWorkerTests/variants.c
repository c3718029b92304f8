/* variants.c: libraries that can't be used, each for another reason. */
#include <evalhost/scorer.h>

#ifdef HELPER
int helper(void);
__attribute__((visibility("default"))) int helper(void) { return 42; }
#else
EVALHOST_EXPORT const evalhost_plugin *evalhost_plugin_entry(void);
#ifdef NULL_ENTRY
const evalhost_plugin *evalhost_plugin_entry(void) { return NULL; }
#else
#ifdef OTHER_ABI
static const evalhost_plugin plugin = {.struct_size = sizeof plugin, .abi_version = 9, .name = "other"};
#else
static const evalhost_plugin plugin = {
    .struct_size = sizeof plugin, .abi_version = EVALHOST_ABI_VERSION, .name = "troubled", .problem = "no such CPU"};
#endif
const evalhost_plugin *evalhost_plugin_entry(void) { return &plugin; }
#endif
#endif
