/* create_exit.c: ends the process while an instance is made. */
#include "hostile.h"

static evalhost_status create(const evalhost_setup *setup, void **self) {
    (void)setup;
    *self = NULL;
    _exit(0);
}
HOSTILE_PLAIN_SCORE
HOSTILE(create_exit, .create = create, .score = score)
