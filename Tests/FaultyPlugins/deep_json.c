/* fails: C26 */
/* deep_json.c: follows JSON to any depth on its stack of 100 places. */
#include "faulty.h"
FAULTY_SCORE
    int depth = 0;
    for (uint64_t index = 0; index < text.size; index++) {
        depth += text.data[index] == '[' || text.data[index] == '{';
        depth -= text.data[index] == ']' || text.data[index] == '}';
        if (depth > 100) faulty_crash();
    }
    return evalhost_number(out, faulty_length(row));
}
EVALHOST_SCORER(deep_json, FAULTY_HELP, .reads = "expectations.facts:json", .value = EVALHOST_NUMBER(0, 1000), .score = score)
FAULTY_PLUGIN(deep_json)
