/* fails: C14 */
/* odd_version.c: has a version that nothing can be compared with. */
#include "faulty.h"
FAULTY_PLAIN_SCORE

EVALHOST_SCORER(odd_version, FAULTY_HELP, .reads = "outputs", .value = EVALHOST_NUMBER(0, 1000), .score = score)
EVALHOST_PLUGIN("odd_version", "latest", &odd_version)
