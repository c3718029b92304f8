/* alarm_now.c: sets an alarm and waits for it. */
#include "hostile.h"

#include <sys/time.h>

HOSTILE_FRAME void wait_for_alarm(void) {
    struct itimerval soon = {{0, 0}, {0, 30000}};
    volatile int patient = 1;
    setitimer(ITIMER_REAL, &soon, NULL);
    while (patient) pause();
}
HOSTILE_MISDEED(alarm_now, wait_for_alarm)
