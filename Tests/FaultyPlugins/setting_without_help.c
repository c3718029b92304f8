/* fails: C13 */
/* setting_without_help.c: has a setting that nobody explains. */
#include "faulty.h"
FAULTY_PLAIN_SCORE

static const evalhost_setting settings[] = {EVALHOST_SETTING("strict", EVALHOST_KIND_BOOLEAN, "false", "")};
FAULTY_SCORER(setting_without_help, EVALHOST_SETTINGS(settings), .score = score)
