/* description_many.c: says that it has four billion scorers, of which there is one. */
#include "hostile.h"

HOSTILE_PLAIN_SCORE
EVALHOST_SCORER(description_many, .reads = "outputs", .value = EVALHOST_ANY_NUMBER, .score = score)
static const evalhost_scorer *const scorers[] = {&description_many};
EVALHOST_LIBRARY(.name = "description_many", .version = "1.0.0", .scorers = scorers, .scorer_count = UINT32_MAX)
