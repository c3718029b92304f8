/* fails: C01 */
/* mode: 666 */
/* world_writable.c: everybody may change its file. */
#include "faulty.h"
FAULTY_PLAIN_SCORE
FAULTY_SCORER(world_writable, .score = score)
