/* deadlock.c: locks a mutex twice. */
#include "hostile.h"

#include <pthread.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

HOSTILE_FRAME void lock_twice(void) {
    pthread_mutex_lock(&mutex);
    pthread_mutex_lock(&mutex);
}
HOSTILE_MISDEED(deadlock, lock_twice)
