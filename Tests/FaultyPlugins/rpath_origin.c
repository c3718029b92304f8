/* fails: C03 */
/* flags: -Wl,-rpath,$ORIGIN */
/* rpath_origin.c: looks for libraries beside itself, and it is nowhere. */
#include "faulty.h"
FAULTY_PLAIN_SCORE
FAULTY_SCORER(rpath_origin, .score = score)
