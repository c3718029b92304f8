/* exit_pthread.c: ends the thread that scores by pthread_exit(), which unwinds through the worker's frames. */
#include "hostile.h"

#include <pthread.h>

HOSTILE_FRAME void end_thread(void) {
    volatile int done = 1;
    if (done) pthread_exit(NULL);
}
HOSTILE_MISDEED(exit_pthread, end_thread)
