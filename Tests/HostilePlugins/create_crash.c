/* create_crash.c: crashes while an instance is made. */
#include "hostile.h"

HOSTILE_FRAME void write_null(void) {
    volatile int *volatile nowhere = NULL;
    *nowhere = 1;
}
static evalhost_status create(const evalhost_setup *setup, void **self) {
    (void)setup;
    *self = NULL;
    write_null();
    return EVALHOST_OK;
}
HOSTILE_PLAIN_SCORE
HOSTILE(create_crash, .create = create, .score = score)
