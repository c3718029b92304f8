/* constructor_denied.c: does what the sandbox refuses while it is being loaded, and gets over it. */
#include "hostile.h"

#include <sys/socket.h>

static int result = -1;

__attribute__((constructor)) static void load(void) { result = socket(AF_INET, SOCK_STREAM, 0); }
static int had_socket(void) {
    errno = EPERM;
    return result;
}
HOSTILE_ATTEMPT(constructor_denied, had_socket)
