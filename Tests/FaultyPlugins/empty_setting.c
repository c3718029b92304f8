/* fails: C31 */
/* empty_setting.c: looks at the first character of a setting without any. */
#include "faulty.h"
static const evalhost_setting settings[] = {
    EVALHOST_SETTING("prefix", EVALHOST_KIND_TEXT, "the", "How answers begin."),
};

static evalhost_status create(const evalhost_setup *setup, void **self) {
    (void)self;
    if (setup->settings[0].text.size == 0) faulty_crash();
    return EVALHOST_OK;
}

FAULTY_PLAIN_SCORE
FAULTY_SCORER(empty_setting, EVALHOST_SETTINGS(settings), .create = create, .score = score)
