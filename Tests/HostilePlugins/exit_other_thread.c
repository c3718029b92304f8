/* exit_other_thread.c: another thread ends the process while the row waits for it. */
#include "hostile.h"

#include <pthread.h>

static void *leave(void *nothing) {
    (void)nothing;
    hostile_sleep(5);
    _exit(6);
}
HOSTILE_FRAME void wait_for_it(void) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, leave, NULL) == 0) pthread_join(thread, NULL);
}
HOSTILE_MISDEED(exit_other_thread, wait_for_it)
