/* file_mode.c: opens a file to everybody. That there is none would be found out only by who may try. */
#include "hostile.h"

#include <sys/stat.h>

HOSTILE_FRAME int open_up(void) { return chmod("/tmp/evalhost-hostile-none", 0777); }
HOSTILE_ATTEMPT(file_mode, open_up)
