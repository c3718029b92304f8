/* fails: C14 */
/* odd_licence.c: names its licence in prose. */
#include "faulty.h"
FAULTY_PLAIN_SCORE

EVALHOST_SCORER(odd_licence, FAULTY_HELP, .reads = "outputs", .value = EVALHOST_NUMBER(0, 1000), .score = score)
static const evalhost_scorer *const scorers[] = {&odd_licence};
EVALHOST_LIBRARY(.name = "odd_licence", .version = "1.0.0", .licence = "free for all, see COPYING", .scorers = scorers,
                 .scorer_count = 1)
