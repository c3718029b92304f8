/* create_kill.c: SIGKILL while an instance is made. */
#include "hostile.h"

#include <signal.h>

static evalhost_status create(const evalhost_setup *setup, void **self) {
    (void)setup;
    *self = NULL;
    raise(SIGKILL);
    return EVALHOST_OK;
}
HOSTILE_PLAIN_SCORE
HOSTILE(create_kill, .create = create, .score = score)
