/* fails: C12 */
/* constructor_prints.c: prints while it is loaded. */
#include "faulty.h"
#include <stdio.h>
__attribute__((constructor)) static void greet(void) {
    puts("scorer loaded");
    fflush(stdout);
}

FAULTY_PLAIN_SCORE
FAULTY_SCORER(constructor_prints, .score = score)
