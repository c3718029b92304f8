/* fails: C15 */
/* unit_of_text.c: has a unit, and its values are texts. */
#include "faulty.h"
FAULTY_SCORE
    return evalhost_string(out, evalhost_text_of("some"));
}
EVALHOST_SCORER(unit_of_text, FAULTY_HELP, .reads = "outputs", .value = EVALHOST_TEXT, .unit = "words", .score = score)
FAULTY_PLUGIN(unit_of_text)
