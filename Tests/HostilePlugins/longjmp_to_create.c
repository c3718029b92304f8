/* longjmp_to_create.c: jumps from score to where create was, long after that has returned. Anything may happen. */
#include "hostile.h"

#include <setjmp.h>

static jmp_buf create_frame;

static evalhost_status create(const evalhost_setup *setup, void **self) {
    (void)setup;
    *self = NULL;
    if (setjmp(create_frame) != 0) return 77;
    return EVALHOST_OK;
}
HOSTILE_FRAME void jump(void) { longjmp(create_frame, 1); }
static evalhost_status score(void *self, const evalhost_record *row, const evalhost_sink *out) {
    (void)self;
    if (hostile_is_now(row)) jump();
    return hostile_plain(row, out);
}
HOSTILE(longjmp_to_create, .create = create, .score = score)
