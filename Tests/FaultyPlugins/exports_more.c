/* fails: C07 */
/* exports_more.c: exports a function of its own. */
#include "faulty.h"
__attribute__((visibility("default"))) int tokenize(int size);
int tokenize(int size) { return size / 2; }

FAULTY_PLAIN_SCORE
FAULTY_SCORER(exports_more, .score = score)
