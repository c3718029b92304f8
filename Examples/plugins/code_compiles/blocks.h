/* blocks.h: the fenced blocks of code in a text, as Markdown has them. */
#ifndef BLOCKS_H
#define BLOCKS_H

#include <stddef.h>

enum { TAG_ROOM = 24 };

typedef struct block {
    char tag[TAG_ROOM]; /* the first word behind the fence, in lower case; empty where there is none */
    size_t size;        /* of its code, which the reader was given room for */
} block;

/*
 * Reads the next block from *at on, and moves *at behind it. Its lines are copied to `code`, which has room for size + 1
 * bytes, without the indentation of the fence, and followed by a NUL. A block without an end ends with the text. 0: there
 * is none.
 */
int block_next(const char *text, size_t size, size_t *at, block *found, char *code);

#endif
