/* assets.c: files below the folder `assets` of a library, for workers and for plugins in the host's own process. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "evaltransport.h"

/* Opens a file name by name, so that no link and no ".." leads out of the folder. -1: there is no such file. */
static int open_below(int root, const char *path) {
    char name[256];
    int folder = root, opened = -1;
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
        if (folder != root) close(folder);
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

int ceval_asset_map(int folder, const char *path, evalhost_text *bytes) {
    int descriptor = open_below(folder, path);
    if (descriptor < 0) return -1;
    int error = map(descriptor, bytes);
    close(descriptor);
    return error;
}
