/* fails: C15 */
/* pass_unknown_label.c: passes at a label that it doesn't declare. */
#include "faulty.h"
static const char *const labels[] = {"short", "long"};

FAULTY_SCORE
    return evalhost_label(out, text.size > 100);
}
EVALHOST_SCORER(pass_unknown_label, FAULTY_HELP, .reads = "outputs", .value = EVALHOST_CATEGORY(labels),
                .pass = "short|medium", .score = score)
FAULTY_PLUGIN(pass_unknown_label)
