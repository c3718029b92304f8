/* state_changed.c: changes what a process has only once: folder, mask, locale, environment, time zone. */
#include "hostile.h"

#include <locale.h>
#include <stdlib.h>
#include <sys/stat.h>

HOSTILE_FRAME void change(void) {
    if (chdir("/usr") != 0) errno = 0;
    umask(0777);
    setlocale(LC_ALL, "C.UTF-8");
    setenv("TZ", "Antarctica/Troll", 1);
    setenv("LD_PRELOAD", "/nonexistent.so", 1);
    tzset();
    clearenv();
}
HOSTILE_MISDEED(state_changed, change)
