/* fails: C15 */
/* pass_unreachable.c: passes at a value that it never has. */
#include "faulty.h"
FAULTY_PLAIN_SCORE
FAULTY_SCORER(pass_unreachable, .pass = ">= 2000", .score = score)
