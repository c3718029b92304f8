/* fails: C16 */
/* default_refused.c: refuses its own default. */
#include "faulty.h"
static const evalhost_setting settings[] = {EVALHOST_SETTING("limit", EVALHOST_KIND_INTEGER, "0", "Longest text.")};

static evalhost_status create(const evalhost_setup *setup, void **self) {
    (void)self;
    return setup->settings[0].integer < 1 ? evalhost_reject(setup, 0, "it must be 1 at least") : EVALHOST_OK;
}

FAULTY_PLAIN_SCORE
FAULTY_SCORER(default_refused, EVALHOST_SETTINGS(settings), .create = create, .score = score)
