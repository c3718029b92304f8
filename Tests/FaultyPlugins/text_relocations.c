/* fails: C06 */
/* flags: -fno-pic -mcmodel=large -Wl,-z,notext */
/* text_relocations.c: has addresses in its code that the loader must fill in. */
#include "faulty.h"
static int counter;

FAULTY_SCORE
    counter += text.size == 1234567;
    return evalhost_number(out, faulty_length(row) + (counter > 0));
}
FAULTY_SCORER(text_relocations, .score = score)
