/* assets.c: evalhost.assets, files below the open folder beside the library, mapped once and kept. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>

#include "worker.h"

#define MAX_PATH_BYTES 4096

/* What was found already, the newest first. */
typedef struct asset {
    struct asset *next;
    evalhost_text bytes;
    char path[];
} asset;

static asset *found;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static evalhost_status look_up(const char *path, evalhost_text *bytes) {
    for (const asset *it = found; it; it = it->next) {
        if (strcmp(it->path, path) != 0) continue;
        *bytes = it->bytes;
        return EVALHOST_OK;
    }
    const size_t length = strlen(path) + 1;
    asset *made = malloc(sizeof *made + length);
    if (!made || ceval_asset_map(CEVAL_FD_ASSETS, path, &made->bytes) != 0) {
        free(made);
        return EVALHOST_ERROR;
    }
    memcpy(made->path, path, length);
    made->next = found;
    found = made;
    *bytes = made->bytes;
    return EVALHOST_OK;
}

static evalhost_status find(const evalhost_host *host, const char *path, evalhost_text *bytes) {
    (void)host;
    if (!bytes) return EVALHOST_ERROR;
    bytes->data = NULL;
    bytes->size = 0;
    if (!path || !(the_worker.start.flags & CEVAL_START_HAS_ASSETS)) return EVALHOST_ERROR;
    if (strnlen(path, MAX_PATH_BYTES) == MAX_PATH_BYTES) return EVALHOST_ERROR;
    int before = errno;
    pthread_mutex_lock(&lock);
    evalhost_status status = look_up(path, bytes);
    pthread_mutex_unlock(&lock);
    errno = before;
    return status;
}

const evalhost_assets assets_table = {(uint32_t)sizeof(evalhost_assets), 0, find};
