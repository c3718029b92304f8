/* steal_descriptor.c: takes a descriptor out of the host. */
#include "hostile.h"

#include <sys/syscall.h>

#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#ifndef SYS_pidfd_getfd
#define SYS_pidfd_getfd 438
#endif

HOSTILE_FRAME int steal(void) {
    long host = syscall(SYS_pidfd_open, getppid(), 0), stolen;
    if (host < 0) return -1;
    stolen = syscall(SYS_pidfd_getfd, (int)host, 0, 0);
    close((int)host);
    return (int)stolen;
}
HOSTILE_ATTEMPT(steal_descriptor, steal)
