/* file_rename.c: moves, links and makes folders, where nothing is; answers the first reason that isn't a refusal. */
#include "hostile.h"

#include <stdio.h>
#include <sys/stat.h>

#define NONE "/tmp/evalhost-hostile-none"

static int is_refused(int result) { return result < 0 && (errno == EPERM || errno == EACCES); }

HOSTILE_FRAME int change_names(void) {
    if (!is_refused(rename(NONE "/a", NONE "/b"))) return -1;
    if (!is_refused(link(NONE "/a", NONE "/b"))) return -1;
    if (!is_refused(symlink("/etc", NONE "/b"))) return -1;
    if (!is_refused(mkdir(NONE "/c", 0700))) return -1;
    if (!is_refused(truncate(NONE "/a", 0))) return -1;
    errno = EPERM;
    return -1;
}
HOSTILE_ATTEMPT(file_rename, change_names)
