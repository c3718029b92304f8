/* fails: C32 */
/* unnamed_refusal.c: refuses a setting and doesn't say which. */
#include "faulty.h"
static const evalhost_setting settings[] = {
    EVALHOST_SETTING("prefix", EVALHOST_KIND_TEXT, "the", "How answers begin."),
};

static evalhost_status create(const evalhost_setup *setup, void **self) {
    (void)self;
    return setup->settings[0].text.size == 0 ? evalhost_reject(setup, -1, "wrong setting") : EVALHOST_OK;
}

FAULTY_PLAIN_SCORE
FAULTY_SCORER(unnamed_refusal, EVALHOST_SETTINGS(settings), .create = create, .score = score)
