/* fails: C80 */
/* rare_pair.c: crashes on a NUL behind a word. */
#include "faulty.h"
FAULTY_SCORE
    const char *word = memmem(text.data, text.size, "capital", 7);
    if (word && memchr(word, 0, (size_t)(text.data + text.size - word))) faulty_crash();
    return evalhost_number(out, faulty_length(row));
}
FAULTY_SCORER(rare_pair, .score = score)
