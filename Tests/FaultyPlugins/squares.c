/* fails: C25 */
/* squares.c: squares a number without looking whether it has a square. */
#include "faulty.h"
FAULTY_SCORE
    return evalhost_number(out, row->fields[0].number * row->fields[0].number);
}
EVALHOST_SCORER(squares, FAULTY_HELP, .reads = "expectations.score:number", .value = EVALHOST_ANY_NUMBER, .score = score)
FAULTY_PLUGIN(squares)
