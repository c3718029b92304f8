/* The sample keyword_coverage, whose exceptions must not cross the boundary: keywords in whole, wrong, and cut short. */
#include "tiny_host.h"

int main(int count, char **arguments) {
    static const char whole[] = "[\"refund\", \"14 days\", \"\\u00e4\\ud83d\\ude00\", \"a \\\"b\\\"\"]";
    const evalhost_scorer *scorer;
    evalhost_field settings[2], fields[2];
    char cut[sizeof whole];
    void *self;

    if (count != 2) return 2;
    scorer = tiny_scorer(tiny_open(arguments[1]), "keyword_coverage");
    memset(settings, 0, sizeof settings);
    settings[0].kind = settings[1].kind = EVALHOST_KIND_BOOLEAN;
    settings[0].integer = settings[1].integer = 1;
    CHECK(tiny_create(scorer, settings, &self) == EVALHOST_OK);
    fields[0] = tiny_text("REFUND in 14  days, \xc3\xa4\xf0\x9f\x98\x80 A \"b\"");
    fields[1] = tiny_text(whole);
    CHECK(tiny_score(scorer, self, fields, 2) == EVALHOST_OK && tiny.answers[0].number == 1);
    fields[0] = tiny_text("a refund, 140 days");
    CHECK(tiny_score(scorer, self, fields, 2) == EVALHOST_OK && tiny.answers[0].number == 0.25);
    CHECK(strstr(tiny.answers[0].rationale, "missing: 14 days, "));
    fields[1] = tiny_text("[]");
    CHECK(tiny_score(scorer, self, fields, 2) == EVALHOST_SKIP);
    for (size_t size = 0; size + 1 < sizeof whole; size++) {
        memcpy(cut, whole, size);
        cut[size] = 0;
        fields[1] = tiny_text(cut);
        CHECK(tiny_score(scorer, self, fields, 2) == EVALHOST_ERROR && strstr(tiny.message, "no array of texts"));
    }
    scorer->destroy(self);
    printf("keyword_coverage_tests: what the scorer throws is the row's error\n");
    return 0;
}
