/* python.h: whether a text is Python, as Python's own compiler sees it. Nothing of it is run. */
#ifndef PYTHON_H
#define PYTHON_H

#include <stddef.h>

enum { PYTHON_PROBLEM_ROOM = 256 };

typedef enum python_answer { PYTHON_COMPILES, PYTHON_FAILS, PYTHON_UNKNOWN } python_answer;

/* Opens and starts Python, once in a process. 0: it isn't installed. */
int python_start(void);

/* Compiles a text that a NUL follows. FAILS: `problem` says why, in UTF-8, and `line` where (0: nowhere in particular). */
python_answer python_compile(const char *text, size_t size, char problem[PYTHON_PROBLEM_ROOM], long *line);

#endif
