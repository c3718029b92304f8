/* own_environment.c: looks for something like a key in the environment that it was started with. */
#include "hostile.h"

extern char **environ;

HOSTILE_FRAME int look(void) {
    static const char *const endings[] = {"_KEY=", "_TOKEN=", "_SECRET=", "_PASSWORD="};
    for (char **variable = environ; *variable; variable++)
        for (size_t ending = 0; ending < sizeof endings / sizeof *endings; ending++)
            if (strstr(*variable, endings[ending])) return 0;
    errno = ENOENT;
    return -1;
}
HOSTILE_ATTEMPT(own_environment, look)
