/* fails: C20 */
/* wrong_kind.c: declares a number, and answers a truth. */
#include "faulty.h"
FAULTY_SCORE
    return evalhost_boolean(out, text.size > 3);
}
FAULTY_SCORER(wrong_kind, .score = score)
