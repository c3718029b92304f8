/* create_denied.c: does what the sandbox refuses while an instance is made, and gets over it. */
#include "hostile.h"

#include <sys/socket.h>

static int result = -1;

static evalhost_status create(const evalhost_setup *setup, void **self) {
    (void)setup;
    *self = NULL;
    result = socket(AF_INET, SOCK_STREAM, 0);
    return EVALHOST_OK;
}
static int had_socket(void) {
    errno = EPERM;
    return result;
}
static evalhost_status score(void *self, const evalhost_record *row, const evalhost_sink *out) {
    (void)self;
    if (!hostile_is_now(row)) return hostile_plain(row, out);
    return evalhost_number(out, had_socket() < 0 ? errno : HOSTILE_GOT_THROUGH);
}
HOSTILE(create_denied, .create = create, .score = score)
