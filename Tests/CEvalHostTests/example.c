/* The author's example of the documentation, as it stands there, with a body for `similarity`. An author may ignore `self`. */
#include <evalhost/scorer.h>
static double similarity(evalhost_text a, evalhost_text b) { return evalhost_text_equal(a, b) ? 1.0 : 0.0; }
static evalhost_status score(void *self, const evalhost_record *row, const evalhost_sink *out) {
    evalhost_text answer = row->fields[0].text, expected = row->fields[1].text;   /* data, size; a NUL follows */
    return evalhost_number(out, similarity(answer, expected));
}
EVALHOST_SCORER(edit_similarity, .reads = "outputs, expectations.expected_response", .value = EVALHOST_NUMBER(0, 1), .score = score)
EVALHOST_PLUGIN("edit_distance", "1.0.0", &edit_similarity)
