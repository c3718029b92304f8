/* A scorer that does nothing but answer: what the boundary itself costs. `direct_score` is the same without a sink. */
#include <evalhost/scorer.h>

static evalhost_status score(void *self, const evalhost_record *row, const evalhost_sink *out) {
    return evalhost_number(out, (double)row->fields[0].text.size);
}
static evalhost_status compare(void *self, const evalhost_record *row, const evalhost_sink *out) {
    return evalhost_number(out, evalhost_text_equal(row->fields[0].text, row->fields[1].text));
}
static evalhost_status explain(void *self, const evalhost_record *row, const evalhost_sink *out) {
    evalhost_value value = evalhost_value_of_number((double)row->fields[0].text.size);
    value.rationale = evalhost_text_of("as long as the answer is");
    return evalhost_put(out, 0, &value);
}
EVALHOST_SCORER(noop, .reads = "outputs, expectations.expected_response", .value = EVALHOST_ANY_NUMBER, .score = score)
EVALHOST_SCORER(exact, .reads = "outputs, expectations.expected_response", .value = EVALHOST_NUMBER(0, 1),
                .score = compare)
EVALHOST_SCORER(explained, .reads = "outputs, expectations.expected_response", .value = EVALHOST_ANY_NUMBER,
                .score = explain)
EVALHOST_PLUGIN("noop", "1.0.0", &noop, &exact, &explained)

EVALHOST_EXPORT double direct_score(const evalhost_record *row);
double direct_score(const evalhost_record *row) { return (double)row->fields[0].text.size; }
EVALHOST_EXPORT double direct_compare(const evalhost_record *row);
double direct_compare(const evalhost_record *row) {
    return evalhost_text_equal(row->fields[0].text, row->fields[1].text);
}
