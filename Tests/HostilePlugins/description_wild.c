/* description_wild.c: says that its scorers are where there is nothing. */
#include "hostile.h"

EVALHOST_LIBRARY(.name = "description_wild", .version = "1.0.0",
                 .scorers = (const evalhost_scorer *const *)(uintptr_t)0x5000, .scorer_count = 3)
