/* The sample repetition, with the conversations of its golden rows and others. Usage: repetition_tests X.so */
#include "../CEvalHostTests/tiny_host.h"

static const evalhost_scorer *scorer;
static void *self;

/* Scores a conversation; null stands for a turn without outputs. */
static evalhost_status score(const char *const *answers, uint32_t count) {
    evalhost_field fields[TINY_TURNS];
    memset(fields, 0, sizeof fields);
    for (uint32_t turn = 0; turn < count; turn++)
        if (answers[turn]) fields[turn] = tiny_text(answers[turn]);
    return tiny_score_session(scorer, self, fields, 1, count);
}

int main(int count, char **arguments) {
    static const char *const fresh[] = {"Paris is the capital.", "It has two million inhabitants."};
    static const char *const spaced[] = {"Please send me your number.", " please  send me\nyour NUMBER."};
    static const char *const three[] = {"Please send me it.", "I have it now, thanks.", "Please send me it.",
                                        "Please send me it."};
    static const char *const accents[] = {"Un caf\xc3\xa9 et deux croissants.", NULL,
                                          "Un cafe\xcc\x81 et deux croissants."};
    static const char *const polite[] = {"You're welcome.", "You're welcome."};
    evalhost_field setting;

    if (count != 2) return 2;
    scorer = tiny_scorer(tiny_open(arguments[1]), "repetition");
    CHECK(scorer->flags == (EVALHOST_SCORES_SESSION | EVALHOST_DETERMINISTIC) && !scorer->score);
    memset(&setting, 0, sizeof setting);
    setting.kind = EVALHOST_KIND_INTEGER, setting.integer = 4, setting.number = 4;
    CHECK(tiny_create(scorer, &setting, &self) == EVALHOST_OK);
    CHECK(score(fresh, 2) == EVALHOST_OK && tiny.answers[0].number == 0 && tiny.answers[1].integer == 0);
    CHECK(score(spaced, 2) == EVALHOST_OK && tiny.answers[0].number == 0.5);
    CHECK(strcmp(tiny.answers[0].rationale, "turn 2 is turn 1 again") == 0);
    CHECK(score(three, 4) == EVALHOST_OK && tiny.answers[0].number == 0.5 && tiny.answers[1].integer == 2);
    CHECK(score(accents, 3) == EVALHOST_OK && tiny.answers[0].number == 0.5);
    CHECK(score(polite, 2) == EVALHOST_SKIP && score(fresh, 1) == EVALHOST_SKIP);
    scorer->destroy(self);
    printf("repetition_tests: conversations with and without repetition\n");
    return 0;
}
