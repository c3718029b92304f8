/* fails: C08 */
/* undefined_symbol.c: uses a function that no library has. */
#include "faulty.h"
double similarity_of_vectors(double size);

FAULTY_SCORE
    return evalhost_number(out, similarity_of_vectors((double)text.size));
}
FAULTY_SCORER(undefined_symbol, .score = score)
