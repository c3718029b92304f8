/* description_endless_name.c: has a name of a million letters. */
#include "hostile.h"

static char name[1000001];

__attribute__((constructor)) static void load(void) { memset(name, 'a', sizeof name - 1); }
HOSTILE_PLAIN_SCORE
EVALHOST_SCORER(description_endless_name, .reads = "outputs", .value = EVALHOST_ANY_NUMBER, .score = score)
EVALHOST_PLUGIN(name, "1.0.0", &description_endless_name)
