/* library.c: the library of the corpus, as a file. */
#include "library.h"
