/* description_bad_name.c: has a name that is a path, and escapes of a terminal. */
#include "hostile.h"

HOSTILE_PLAIN_SCORE
EVALHOST_SCORER(description_bad_name, .reads = "outputs", .value = EVALHOST_ANY_NUMBER, .score = score)
EVALHOST_PLUGIN("../\033[31m", "1.0.0", &description_bad_name)
