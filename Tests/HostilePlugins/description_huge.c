/* description_huge.c: keeps to every limit by itself, and is 60 MB of help in all. */
#include "hostile.h"

static char help[4097];
static evalhost_setting settings[64];
static char keys[64][8], names[240][8];
static evalhost_scorer scorers[240];
static const evalhost_scorer *pointers[240];

HOSTILE_PLAIN_SCORE
__attribute__((constructor)) static void load(void) {
    memset(help, 'h', sizeof help - 1);
    for (int index = 0; index < 64; index++) {
        memcpy(keys[index], (char[]){'k', (char)('a' + index / 26), (char)('a' + index % 26), 0}, 4);
        settings[index].key = keys[index];
        settings[index].kind = EVALHOST_KIND_TEXT;
        settings[index].default_value = "";
        settings[index].help = help;
    }
    for (int index = 0; index < 240; index++) {
        memcpy(names[index], (char[]){'s', (char)('a' + index / 26), (char)('a' + index % 26), 0}, 4);
        scorers[index].struct_size = (uint32_t)sizeof scorers[index];
        scorers[index].name = names[index];
        scorers[index].reads = "outputs";
        scorers[index].value.kind = EVALHOST_KIND_NUMBER;
        scorers[index].settings = settings;
        scorers[index].setting_count = 64;
        scorers[index].score = score;
        pointers[index] = &scorers[index];
    }
}
EVALHOST_LIBRARY(.name = "description_huge", .version = "1.0.0", .scorers = pointers, .scorer_count = 240)
