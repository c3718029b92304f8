/* assets.c: evalhost.assets, files below the open folder beside the library, mapped once and kept. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

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

/* Opens a file name by name, so that no link and no ".." leads out of the folder. -1: there is no such file. */
static int open_below(const char *path) {
    char name[256];
    int folder = CEVAL_FD_ASSETS, opened = -1;
    while (folder >= 0) {
        size_t length = strcspn(path, "/");
        int is_last = path[length] == 0;
        opened = -1;
        if (length > 0 && length < sizeof name) {
            memcpy(name, path, length);
            name[length] = 0;
            if (strcmp(name, ".") != 0 && strcmp(name, "..") != 0) {
                /* O_NONBLOCK: a FIFO must not hold us up. */
                int flags = is_last ? O_RDONLY | O_NONBLOCK : O_PATH | O_DIRECTORY;
                opened = openat(folder, name, flags | O_NOFOLLOW | O_CLOEXEC);
            }
        }
        if (folder != CEVAL_FD_ASSETS) close(folder);
        if (is_last || opened < 0) break;
        folder = opened;
        path += length + 1;
    }
    return opened;
}

/*
 * Maps a file with a NUL behind it. The page after the file's last is ours and zero; the rest of its last page is zero
 * too. Addresses are those of pages.
 */
static int map(int descriptor, evalhost_text *bytes) {
    static const char empty[16] __attribute__((aligned(16)));
    struct stat status;
    if (fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) return -1;
    const size_t size = (size_t)status.st_size, page = (size_t)sysconf(_SC_PAGESIZE);
    bytes->data = empty;
    bytes->size = 0;
    if (size == 0) return 0;
    const size_t whole = (size + page - 1) / page * page;
    char *base = mmap(NULL, whole + page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (base == MAP_FAILED) return -1;
    if (mmap(base, size, PROT_READ, MAP_PRIVATE | MAP_FIXED, descriptor, 0) == MAP_FAILED) {
        munmap(base, whole + page);
        return -1;
    }
    bytes->data = base;
    bytes->size = size;
    return 0;
}

static evalhost_status look_up(const char *path, evalhost_text *bytes) {
    for (const asset *it = found; it; it = it->next) {
        if (strcmp(it->path, path) != 0) continue;
        *bytes = it->bytes;
        return EVALHOST_OK;
    }
    int descriptor = open_below(path);
    if (descriptor < 0) return EVALHOST_ERROR;
    const size_t length = strlen(path) + 1;
    asset *made = malloc(sizeof *made + length);
    int error = made ? map(descriptor, &made->bytes) : -1;
    close(descriptor);
    if (error) {
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
