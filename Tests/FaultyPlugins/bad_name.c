/* fails: C10 */
/* bad_name.c: has a name that no scorer may have. */
#include "faulty.h"
FAULTY_PLAIN_SCORE

static const evalhost_scorer scorer = {.struct_size = (uint32_t)sizeof scorer, .name = "Bad-Name", FAULTY_HELP,
                                       .reads = "outputs", .value = EVALHOST_NUMBER(0, 1000), .score = score};
EVALHOST_PLUGIN("bad_name", "1.0.0", &scorer)
