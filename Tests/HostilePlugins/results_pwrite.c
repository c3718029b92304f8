/* results_pwrite.c: writes to the answers as to a file, which the limit of a file's size forbids by SIGXFSZ. */
#include "hostile.h"

HOSTILE_FRAME int write_there(void) {
    static const char rubbish[4096] = {1};
    return (int)pwrite(HOSTILE_RESULTS, rubbish, sizeof rubbish, 0);
}
HOSTILE_ATTEMPT(results_pwrite, write_there)
