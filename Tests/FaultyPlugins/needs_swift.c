/* fails: C02 */
/* stub: libswiftCore.so */
/* flags: -Wl,--no-as-needed */
/* needs_swift.c: needs a library that is where a Swift toolchain is. */
#include "faulty.h"
FAULTY_PLAIN_SCORE
FAULTY_SCORER(needs_swift, .score = score)
