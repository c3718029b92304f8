/* spawn_true.c: starts another program by posix_spawn(). */
#include "hostile.h"

#include <spawn.h>
#include <sys/wait.h>

HOSTILE_FRAME int start(void) {
    char *const arguments[] = {(char *)"true", NULL};
    pid_t child;
    int error = posix_spawn(&child, "/bin/true", NULL, NULL, arguments, arguments + 1);
    if (error == 0) waitpid(child, NULL, 0);
    errno = error;
    return error == 0 ? 0 : -1;
}
HOSTILE_ATTEMPT(spawn_true, start)
