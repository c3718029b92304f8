/* fails: C11 */
/* changing_description.c: has a range that is another in each process. */
#include "faulty.h"
FAULTY_PLAIN_SCORE

#include <unistd.h>
static evalhost_scorer changing = {.struct_size = (uint32_t)sizeof changing, .name = "changing_description", FAULTY_HELP,
                                   .reads = "outputs", .value = EVALHOST_NUMBER(0, 1000), .score = score};
__attribute__((constructor)) static void change(void) { changing.value.maximum = 1000 + (double)getpid(); }
EVALHOST_PLUGIN("changing_description", "1.0.0", &changing)
