/* create_stop.c: stops its process while an instance is made. */
#include "hostile.h"

#include <signal.h>

static evalhost_status create(const evalhost_setup *setup, void **self) {
    (void)setup;
    *self = NULL;
    raise(SIGSTOP);
    return EVALHOST_OK;
}
HOSTILE_PLAIN_SCORE
HOSTILE(create_stop, .create = create, .score = score)
