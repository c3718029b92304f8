/* description_settings_wild.c: a scorer whose settings are where there is nothing. */
#include "hostile.h"

HOSTILE_PLAIN_SCORE
HOSTILE(description_settings_wild, .score = score, .settings = (const evalhost_setting *)(uintptr_t)0x5000,
        .setting_count = 2)
