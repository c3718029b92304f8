/*
 * evalhost.assets: the read-only files that came with the library. Host to plugin. Draft: may change or go.
 *
 * Word lists, models, tables: they lie in the folder `assets` beside the library. The library runs from a copy in
 * memory, so it can't find them by its own path, and a worker may not open files at all; this extension hands them over.
 */
#ifndef EVALHOST_EXT_ASSETS_H
#define EVALHOST_EXT_ASSETS_H

#include <evalhost/scorer.h>

#define EVALHOST_EXT_ASSETS "evalhost.assets.draft"
#define EVALHOST_EXT_ASSETS_REVISION 1u

typedef struct evalhost_assets {
    uint32_t struct_size;
    uint32_t reserved;
    /*
     * Finds a file by its path below `assets`, "/" between folders, never "..". OK: *bytes is its content, any bytes,
     * followed by a NUL, mapped read-only, shared by all instances, valid until destroy returns. ERROR: no such file.
     * From any thread.
     */
    evalhost_status (*find)(const evalhost_host *host, const char *path, evalhost_text *bytes);
} evalhost_assets;

#endif
