/* alarm_later.c: sets an alarm that ends the process some rows later, at one that can do nothing for it. */
#include "hostile.h"

#include <sys/time.h>

HOSTILE_FRAME void set_alarm(void) {
    struct itimerval soon = {{0, 0}, {0, 30000}};
    setitimer(ITIMER_REAL, &soon, NULL);
}
HOSTILE_SLOW_MISDEED(alarm_later, set_alarm)
