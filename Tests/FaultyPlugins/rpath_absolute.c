/* fails: C03 */
/* flags: -Wl,-rpath,/opt/vectors/lib */
/* rpath_absolute.c: looks for libraries in a folder of its author's. */
#include "faulty.h"
FAULTY_PLAIN_SCORE
FAULTY_SCORER(rpath_absolute, .score = score)
