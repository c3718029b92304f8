/* fails: C03 */
/* flags: -Wl,-rpath,$ORIGIN/lib */
/* rpath_origin.c: looks for libraries in a folder beside itself, and it is nowhere. */
#include "faulty.h"
FAULTY_PLAIN_SCORE
FAULTY_SCORER(rpath_origin, .score = score)
