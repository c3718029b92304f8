/* limit_host.c: takes the host's right to open files. */
#include "hostile.h"

#include <sys/resource.h>

HOSTILE_FRAME int limit(void) {
    struct rlimit now, none = {3, 3};
    if (prlimit(getppid(), RLIMIT_NOFILE, NULL, &now) != 0) return -1;
    none.rlim_max = now.rlim_max;
    return prlimit(getppid(), RLIMIT_NOFILE, &none, NULL);
}
HOSTILE_ATTEMPT(limit_host, limit)
