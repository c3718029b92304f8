/* fails: C05 */
/* flags: -Wl,-z,execstack */
/* executable_stack.c: asks for an executable stack. */
#include "faulty.h"
FAULTY_PLAIN_SCORE
FAULTY_SCORER(executable_stack, .score = score)
