/* Every macro and every inline function once, so that each language mode compiles them. */
#include <evalhost/scorer.h>

static const char *const labels[] = {"right", "wrong"};
static const char *const units[] = {"words", "bytes"};
static const evalhost_setting settings[] = {
    EVALHOST_SETTING("limit", EVALHOST_KIND_INTEGER, "100", "Longest.", .minimum = 1, .flags = EVALHOST_HAS_MINIMUM),
    EVALHOST_SETTING("unit", EVALHOST_KIND_TEXT, "words", "Counted.", .choices = units,
                     .choice_count = EVALHOST_COUNT_OF(units)),
    EVALHOST_SETTING("words", EVALHOST_KIND_TEXTS, "[]", "A list."),
};
static const evalhost_feedback feedbacks[] = {
    EVALHOST_FEEDBACK("length", EVALHOST_ANY_INTEGER, .unit = "bytes", .aggregations = "mean, p90"),
    EVALHOST_FEEDBACK("share", EVALHOST_NUMBER(0, 1), .direction = EVALHOST_HIGHER_IS_BETTER),
    EVALHOST_FEEDBACK("count", EVALHOST_INTEGER(0, 10)),
    EVALHOST_FEEDBACK("rest", EVALHOST_ANY_NUMBER),
    EVALHOST_FEEDBACK("good", EVALHOST_BOOLEAN),
    EVALHOST_FEEDBACK("note", EVALHOST_TEXT),
    EVALHOST_FEEDBACK("parts", EVALHOST_OBJECT),
};

static evalhost_status create(const evalhost_setup *setup, void **self) {
    *self = NULL;
    return setup->settings[0].integer < 1 ? evalhost_reject(setup, 0, "must be at least 1") : EVALHOST_OK;
}

static evalhost_status score(void *self, const evalhost_record *row, const evalhost_sink *out) {
    evalhost_value value = evalhost_value_of_boolean(1);
    (void)self;
    if (row->field_count == 0) return evalhost_error(out, "no fields");
    if (row->fields[0].kind == EVALHOST_KIND_NULL) return evalhost_skip(out, "null");
    if (evalhost_spans(&row->fields[1])) return evalhost_retry(out, NULL);
    value.rationale = evalhost_text_of("because");
    (void)evalhost_put(out, 5, &value);
    (void)evalhost_integer_at(out, 1, INT64_MAX);
    (void)evalhost_boolean(out, 7);
    (void)evalhost_integer(out, 7);
    (void)evalhost_number(out, 7);
    (void)evalhost_string(out, evalhost_text_of("text"));
    (void)evalhost_object(out, evalhost_text_of("{}"));
    value = evalhost_value_of_label(1);
    value = evalhost_value_of_integer(1);
    value = evalhost_value_of_number(1);
    return evalhost_label(out, 0);
}

EVALHOST_SCORER(declared, .help = "Everything.", .reads = "outputs?, spans(TOOL):name", .value = EVALHOST_CATEGORY(labels),
                .pass = "right", EVALHOST_SETTINGS(settings), EVALHOST_FEEDBACKS(feedbacks), .create = create,
                .score = score, .flags = EVALHOST_DETERMINISTIC)
static const evalhost_scorer *const scorers[] = {&declared};
static const evalhost_permission permissions[] = {
    EVALHOST_PERMISSION("network", "fetches word vectors"),
    EVALHOST_PERMISSION("threads:4", "a pool of its own"),
};
EVALHOST_LIBRARY(.name = "all", .version = "1", .author = "us", .licence = "Apache-2.0", .scorers = scorers,
                 .scorer_count = EVALHOST_COUNT_OF(scorers), EVALHOST_PERMISSIONS(permissions))
