/* description_other_abi.c: its note says that it fits, its description says otherwise. */
#include "hostile.h"

HOSTILE_PLAIN_SCORE
EVALHOST_SCORER(description_other_abi, .reads = "outputs", .value = EVALHOST_ANY_NUMBER, .score = score)
static const evalhost_scorer *const scorers[] = {&description_other_abi};
static const evalhost_plugin plugin = {(uint32_t)sizeof(evalhost_plugin),
                                       0x00630001u,
                                       .name = "description_other_abi",
                                       .version = "1.0.0",
                                       .scorers = scorers,
                                       .scorer_count = 1};
EVALHOST_NOTE
EVALHOST_EXPORT const evalhost_plugin *evalhost_plugin_entry(void);
const evalhost_plugin *evalhost_plugin_entry(void) { return &plugin; }
