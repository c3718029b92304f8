/* many_denied.c: makes twenty thousand calls that are refused: what is kept of them must have an end. */
#include "hostile.h"

#include <sys/socket.h>

HOSTILE_FRAME int insist(void) {
    int result = -1;
    for (int round = 0; round < 20000 && result < 0; round++) result = socket(AF_INET, SOCK_DGRAM, 0);
    if (result >= 0) close(result);
    return result;
}
HOSTILE_ATTEMPT(many_denied, insist)
