/* read_passwd.c: reads the names of this machine's users. */
#include "hostile.h"

#include <fcntl.h>

HOSTILE_FRAME int look(void) {
    int descriptor = open("/etc/passwd", O_RDONLY);
    if (descriptor >= 0) close(descriptor);
    return descriptor;
}
HOSTILE_ATTEMPT(read_passwd, look)
