/* limits_down.c: lowers its own limits until the worker can neither open nor allocate anything. */
#include "hostile.h"

#include <sys/resource.h>

HOSTILE_FRAME void lower(void) {
    struct rlimit little = {1 << 20, 1 << 20}, none = {3, 3};
    setrlimit(RLIMIT_DATA, &little);
    setrlimit(RLIMIT_NOFILE, &none);
}
HOSTILE_MISDEED(limits_down, lower)
