/* fails: C08 */
/* stub: libabsent.so.1 absent */
/* flags: -Wl,--no-as-needed */
/* missing_library.c: needs a library that isn't installed. */
#include "faulty.h"
FAULTY_PLAIN_SCORE
FAULTY_SCORER(missing_library, .score = score)
