/* fails: C30 */
/* minimum_divides.c: divides by a setting that may be 0. */
#include "faulty.h"
static const evalhost_setting settings[] = {
    EVALHOST_SETTING("scale", EVALHOST_KIND_INTEGER, "10", "What lengths are divided by.", .minimum = 0, .maximum = 100,
                     .flags = EVALHOST_HAS_MINIMUM | EVALHOST_HAS_MAXIMUM),
};

static evalhost_status create(const evalhost_setup *setup, void **self) {
    *self = (void *)(intptr_t)setup->settings[0].integer;
    return EVALHOST_OK;
}

FAULTY_SCORE
    return evalhost_number(out, (double)((int64_t)(text.size % 1000) / (int64_t)(intptr_t)self));
}
FAULTY_SCORER(minimum_divides, EVALHOST_SETTINGS(settings), .create = create, .score = score)
