/* fails: C12 */
/* flags: -pthread */
/* constructor_thread.c: starts a thread while it is loaded. */
#include "faulty.h"
#include <pthread.h>
#include <unistd.h>
static void *wait_for_ever(void *nothing) {
    for (;;) pause();
    return nothing;
}
__attribute__((constructor)) static void start(void) {
    pthread_t thread;
    pthread_create(&thread, NULL, wait_for_ever, NULL);
}

FAULTY_PLAIN_SCORE
FAULTY_SCORER(constructor_thread, .score = score)
