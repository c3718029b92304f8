/* fails: C30 */
/* choice_crashes.c: crashes with one of its choices. */
#include "faulty.h"
static const char *const choices[] = {"words", "lines"};
static const evalhost_setting settings[] = {
    EVALHOST_SETTING("unit", EVALHOST_KIND_TEXT, "words", "What is counted.", .choices = choices, .choice_count = 2),
};

static evalhost_status create(const evalhost_setup *setup, void **self) {
    (void)self;
    if (evalhost_text_equal(setup->settings[0].text, evalhost_text_of("lines"))) faulty_crash();
    return EVALHOST_OK;
}

FAULTY_PLAIN_SCORE
FAULTY_SCORER(choice_crashes, EVALHOST_SETTINGS(settings), .create = create, .score = score)
