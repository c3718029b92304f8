/* fails: C10 */
/* constructor_crash.c: crashes while it is loaded. */
#include "faulty.h"
__attribute__((constructor)) static void crash(void) { faulty_crash(); }

FAULTY_PLAIN_SCORE
FAULTY_SCORER(constructor_crash, .score = score)
