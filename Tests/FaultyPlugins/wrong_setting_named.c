/* fails: C32 */
/* wrong_setting_named.c: blames one setting for another. */
#include "faulty.h"
static const evalhost_setting settings[] = {
    EVALHOST_SETTING("prefix", EVALHOST_KIND_TEXT, "the", "How answers begin."),
    EVALHOST_SETTING("strict", EVALHOST_KIND_BOOLEAN, "false", "Whether case counts."),
};

static evalhost_status create(const evalhost_setup *setup, void **self) {
    (void)self;
    return setup->settings[0].text.size == 0 ? evalhost_reject(setup, 1, "it must not be empty") : EVALHOST_OK;
}

FAULTY_PLAIN_SCORE
FAULTY_SCORER(wrong_setting_named, EVALHOST_SETTINGS(settings), .create = create, .score = score)
