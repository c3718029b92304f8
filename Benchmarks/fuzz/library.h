/* library.h: a library with something of all that a description can have. */
#include <evalhost/scorer.h>

static evalhost_status score(void *self, const evalhost_record *row, const evalhost_sink *out) {
    (void)self;
    return evalhost_number(out, row->field_count > 0 && row->fields[0].text.size > 0);
}

static const char *const labels[] = {"low", "middle", "high"};
static const char *const modes[] = {"any", "all"};
static const evalhost_feedback feedbacks[] = {
    EVALHOST_FEEDBACK("label", EVALHOST_CATEGORY(labels), .pass = "middle|high"),
    EVALHOST_FEEDBACK("text", EVALHOST_TEXT),
    EVALHOST_FEEDBACK("object", EVALHOST_OBJECT),
    EVALHOST_FEEDBACK("count", EVALHOST_INTEGER(-5, 5), .unit = "words", .aggregations = "mean, p90,max"),
};
static const evalhost_setting settings[] = {
    EVALHOST_SETTING("ignore_case", EVALHOST_KIND_BOOLEAN, "true", "Whether case counts."),
    EVALHOST_SETTING("words", EVALHOST_KIND_INTEGER, "12", "How many.", .flags = EVALHOST_HAS_MINIMUM, .minimum = 1),
    EVALHOST_SETTING("weight", EVALHOST_KIND_NUMBER, "0.5", "How much.",
                     .flags = EVALHOST_HAS_MINIMUM | EVALHOST_HAS_MAXIMUM, .minimum = 0, .maximum = 1),
    EVALHOST_SETTING("mode", EVALHOST_KIND_TEXT, "any", "Which.", .choices = modes, .choice_count = 2),
    EVALHOST_SETTING("list", EVALHOST_KIND_TEXTS, "[\"a\", \"b\"]", "Some."),
    EVALHOST_SETTING("schema", EVALHOST_KIND_JSON, "{\"type\": [\"object\", null, 1.5]}", "Anything."),
    EVALHOST_SETTING("key", EVALHOST_KIND_TEXT, 0, "None.", .flags = EVALHOST_OPTIONAL),
};
static const evalhost_permission permissions[] = {
    EVALHOST_PERMISSION("network", "fetches word vectors"), EVALHOST_PERMISSION("read:/usr/share/dict", "reads words"),
    EVALHOST_PERMISSION("threads:4", "is quicker"), EVALHOST_PERMISSION("memory:2G", "has a large table"),
};

EVALHOST_SCORER(full, .help = "Something of everything.",
                .reads = "outputs, inputs.\"a.b\"[2]:json?, expectations.n:integer?, spans(RETRIEVER,TOOL):name,outputs",
                .value = EVALHOST_NUMBER(0, 1), .unit = "grade", .pass = ">= 0.8", .aggregations = "mean,pass_rate",
                .direction = EVALHOST_HIGHER_IS_BETTER, .flags = EVALHOST_CALLS_JUDGE | EVALHOST_DETERMINISTIC,
                EVALHOST_SETTINGS(settings), EVALHOST_FEEDBACKS(feedbacks), .score = score)
EVALHOST_SCORER(plain, .reads = "outputs", .value = EVALHOST_BOOLEAN, .score = score)
static const evalhost_scorer *const scorers[] = {&full, &plain};
EVALHOST_LIBRARY(.name = "fuzzed", .version = "1.0.0", .author = "evalhost", .licence = "Apache-2.0", .scorers = scorers,
                 .scorer_count = EVALHOST_COUNT_OF(scorers), EVALHOST_PERMISSIONS(permissions))
