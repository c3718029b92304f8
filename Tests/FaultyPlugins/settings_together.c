/* fails: C81 */
/* settings_together.c: has two settings that don't go together, and doesn't say so. */
#include "faulty.h"
static const evalhost_setting settings[] = {
    EVALHOST_SETTING("strict", EVALHOST_KIND_BOOLEAN, "false", "Whether case counts."),
    EVALHOST_SETTING("limit", EVALHOST_KIND_INTEGER, "10", "Longest text.", .minimum = 0, .maximum = 100,
                     .flags = EVALHOST_HAS_MINIMUM | EVALHOST_HAS_MAXIMUM),
};

static evalhost_status create(const evalhost_setup *setup, void **self) {
    (void)self;
    if (setup->settings[0].integer && setup->settings[1].integer > 20) faulty_crash();
    return EVALHOST_OK;
}

FAULTY_PLAIN_SCORE
FAULTY_SCORER(settings_together, EVALHOST_SETTINGS(settings), .create = create, .score = score)
