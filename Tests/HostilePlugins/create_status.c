/* create_status.c: ends the making of an instance by a status that there isn't. */
#include "hostile.h"

static evalhost_status create(const evalhost_setup *setup, void **self) {
    (void)setup;
    *self = NULL;
    return 77;
}
HOSTILE_PLAIN_SCORE
HOSTILE(create_status, .create = create, .score = score)
