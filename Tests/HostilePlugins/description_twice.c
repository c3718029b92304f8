/* description_twice.c: has the same scorer twice. */
#include "hostile.h"

HOSTILE_PLAIN_SCORE
EVALHOST_SCORER(description_twice, .reads = "outputs", .value = EVALHOST_ANY_NUMBER, .score = score)
EVALHOST_PLUGIN("description_twice", "1.0.0", &description_twice, &description_twice)
