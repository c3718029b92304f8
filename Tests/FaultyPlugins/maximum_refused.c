/* fails: C30 */
/* maximum_refused.c: refuses the maximum that it declares. */
#include "faulty.h"
static const evalhost_setting settings[] = {
    EVALHOST_SETTING("limit", EVALHOST_KIND_INTEGER, "10", "Longest text.", .minimum = 0, .maximum = 100,
                     .flags = EVALHOST_HAS_MINIMUM | EVALHOST_HAS_MAXIMUM),
};

static evalhost_status create(const evalhost_setup *setup, void **self) {
    (void)self;
    return setup->settings[0].integer >= 100 ? evalhost_reject(setup, 0, "it must be below 100") : EVALHOST_OK;
}

FAULTY_PLAIN_SCORE
FAULTY_SCORER(maximum_refused, EVALHOST_SETTINGS(settings), .create = create, .score = score)
