/* file_write.c: makes a file in /tmp. */
#include "hostile.h"

#include <fcntl.h>

HOSTILE_FRAME int make_file(void) {
    static const char path[] = "/tmp/evalhost-hostile";
    int descriptor = open(path, O_CREAT | O_WRONLY, 0600);
    if (descriptor < 0) return -1;
    close(descriptor);
    unlink(path);
    return 0;
}
HOSTILE_ATTEMPT(file_write, make_file)
