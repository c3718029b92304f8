/*
 * evalhost.assets, revision 1: the read-only files that came with the library. Host to plugin.
 *
 * Word lists, models, tables: they lie in the folder `assets` beside the library, DIR/NAME/assets for DIR/NAME/NAME.so.
 * The library runs from a copy in memory, so it can't find them by its own path, and a worker may not open files at all:
 * this extension hands them over, without any permission. It works the same with --isolation inprocess.
 * A library without that folder gets the table too, and finds nothing.
 */
#ifndef EVALHOST_EXT_ASSETS_H
#define EVALHOST_EXT_ASSETS_H

#include <evalhost/scorer.h>

#ifdef __cplusplus
extern "C" {
#endif

#define EVALHOST_EXT_ASSETS "evalhost.assets"
#define EVALHOST_EXT_ASSETS_REVISION 1u

/* Valid from create until destroy has returned. */
typedef struct evalhost_assets {
    uint32_t struct_size;
    uint32_t reserved;
    /*
     * Finds a file by its path below `assets`: names with "/" between them, not beginning with "/", without "..", "."
     * or an empty name. `host` is setup->host; `path` and `bytes` aren't null. From any thread, from create to destroy.
     * OK: *bytes is the file's content: any bytes, so not UTF-8 as other texts, but followed by a NUL like them. It is
     * the host's, read-only, at a multiple of 16 in memory, the same for all instances and every time, and valid until
     * destroy has returned.
     * ERROR: there is no such file, or its path leaves the folder, by a link for instance; *bytes is then {NULL, 0}. It reads
     * the file the first time, and may wait for the disk.
     */
    evalhost_status (*find)(const evalhost_host *host, const char *path, evalhost_text *bytes);
} evalhost_assets;

#ifdef __cplusplus
}
#endif

#endif
