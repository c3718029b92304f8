/* sealed.c: a file as memory that can't change. What was checked in it is what the loader maps. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <unistd.h>

#include "evalsandbox.h"

int ceval_sealed_copy(int descriptor, const char *name, size_t size) {
    off_t from = 0;
    int copy = ceval_memory(name);
    if (copy < 0) return -errno;
    while ((size_t)from < size) {
        ssize_t moved = sendfile(copy, descriptor, &from, size - (size_t)from);
        if (moved < 0 && errno == EINTR) continue;
        if (moved <= 0) {
            int error = moved < 0 ? errno : EIO;
            close(copy);
            return -error;
        }
    }
    if (fcntl(copy, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) != 0) {
        int error = errno;
        close(copy);
        return -error;
    }
    return copy;
}

int ceval_rtld_nodelete(void) { return RTLD_NODELETE; }
