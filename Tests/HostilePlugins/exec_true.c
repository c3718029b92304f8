/* exec_true.c: becomes another program. */
#include "hostile.h"

HOSTILE_FRAME int become(void) {
    char *const arguments[] = {(char *)"true", NULL};
    return execve("/bin/true", arguments, arguments + 1);
}
HOSTILE_ATTEMPT(exec_true, become)
