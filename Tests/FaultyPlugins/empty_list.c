/* fails: C31 */
/* empty_list.c: takes the first of a list that may be empty. */
#include "faulty.h"
static const evalhost_setting settings[] = {
    EVALHOST_SETTING("words", EVALHOST_KIND_TEXTS, "[\"the\"]", "What is looked for."),
};

static evalhost_status create(const evalhost_setup *setup, void **self) {
    (void)self;
    if (setup->settings[0].count == 0) faulty_crash();
    return EVALHOST_OK;
}

FAULTY_PLAIN_SCORE
FAULTY_SCORER(empty_list, EVALHOST_SETTINGS(settings), .create = create, .score = score)
