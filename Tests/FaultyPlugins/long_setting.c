/* fails: C31 */
/* long_setting.c: has room for settings of a kilobyte. */
#include "faulty.h"
static const evalhost_setting settings[] = {
    EVALHOST_SETTING("pattern", EVALHOST_KIND_TEXT, "the", "What is looked for."),
};

static evalhost_status create(const evalhost_setup *setup, void **self) {
    (void)self;
    if (setup->settings[0].text.size > 100000) faulty_crash();
    return EVALHOST_OK;
}

FAULTY_PLAIN_SCORE
FAULTY_SCORER(long_setting, EVALHOST_SETTINGS(settings), .create = create, .score = score)
