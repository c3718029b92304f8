/* exec_library.c: becomes the library on the worker's descriptor, which is a file that nobody could forbid to open. */
#include "hostile.h"

#include <fcntl.h>
#include <sys/syscall.h>

HOSTILE_FRAME int become(void) {
    char *const arguments[] = {(char *)"true", NULL};
    return (int)syscall(SYS_execveat, HOSTILE_LIBRARY, "", arguments, arguments + 1, AT_EMPTY_PATH);
}
HOSTILE_ATTEMPT(exec_library, become)
