/* read_root.c: lists the root folder. */
#include "hostile.h"

#include <dirent.h>

HOSTILE_FRAME int look(void) {
    DIR *folder = opendir("/");
    if (!folder) return -1;
    closedir(folder);
    return 0;
}
HOSTILE_ATTEMPT(read_root, look)
