/* compared.c: the plugin that isolation-bench calls: compares two fields of 350 bytes, and crashes where it is told to. */
#include <evalhost/scorer.h>

static evalhost_status score(void *self, const evalhost_record *row, const evalhost_sink *out) {
    evalhost_text answer = row->fields[0].text, expected = row->fields[1].text;
    (void)self;
    if (row->fields[2].kind == EVALHOST_KIND_TEXT) *(volatile int *)0 = 1;
    return evalhost_number(out, answer.size == expected.size && memcmp(answer.data, expected.data, answer.size) == 0);
}

EVALHOST_SCORER(compared, .reads = "outputs, expectations.expected_response, inputs.crash?", .value = EVALHOST_NUMBER(0, 1),
                .score = score)
EVALHOST_PLUGIN("compared", "1.0.0", &compared)
