/* description_null_scorer.c: has two scorers, the second of which is none. */
#include "hostile.h"

HOSTILE_PLAIN_SCORE
EVALHOST_SCORER(description_null_scorer, .reads = "outputs", .value = EVALHOST_ANY_NUMBER, .score = score)
EVALHOST_PLUGIN("description_null_scorer", "1.0.0", &description_null_scorer, NULL)
