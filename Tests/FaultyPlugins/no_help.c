/* fails: C13 */
/* no_help.c: says not a word of what it measures. */
#include "faulty.h"
FAULTY_PLAIN_SCORE

EVALHOST_SCORER(no_help, .reads = "outputs", .value = EVALHOST_NUMBER(0, 1000), .score = score)
FAULTY_PLUGIN(no_help)
