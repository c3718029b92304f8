/* description_not_utf8.c: has a help that is no text. */
#include "hostile.h"

HOSTILE_PLAIN_SCORE
EVALHOST_SCORER(description_not_utf8, .help = "\xff\xfe\xc0\xaf", .reads = "outputs", .value = EVALHOST_ANY_NUMBER,
                .score = score)
EVALHOST_PLUGIN("description_not_utf8", "1.0.0", &description_not_utf8)
