/* fails: C10 */
/* bad_reads.c: reads a field of a type that there isn't. */
#include "faulty.h"
FAULTY_PLAIN_SCORE

EVALHOST_SCORER(bad_reads, FAULTY_HELP, .reads = "outputs:string", .value = EVALHOST_NUMBER(0, 1000), .score = score)
FAULTY_PLUGIN(bad_reads)
