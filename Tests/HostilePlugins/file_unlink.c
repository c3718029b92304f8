/* file_unlink.c: removes a file. That there is none would be found out only by who may try. */
#include "hostile.h"

HOSTILE_FRAME int remove_file(void) { return unlink("/tmp/evalhost-hostile-none"); }
HOSTILE_ATTEMPT(file_unlink, remove_file)
