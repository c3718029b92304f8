/* fails: C10 */
/* slow_constructor.c: reads its model in a constructor, which takes too long. */
#include "faulty.h"
#include <unistd.h>
__attribute__((constructor)) static void read_model(void) { sleep(60); }

FAULTY_PLAIN_SCORE
FAULTY_SCORER(slow_constructor, .score = score)
