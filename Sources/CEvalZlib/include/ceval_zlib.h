/* Inflating gzip (RFC 1952) and zlib streams (RFC 1950) with zlib, piece by piece. Memory is bounded: the window and what the caller brings. */
#ifndef CEVAL_ZLIB_H
#define CEVAL_ZLIB_H

#include <stddef.h>
#include <stdint.h>

typedef struct ceval_inflate ceval_inflate;

/* What a call came to. */
#define CEVAL_INFLATE_MORE 0    /* it goes on, when there is more input or more room */
#define CEVAL_INFLATE_END 1     /* a member ended; another one may follow */
#define CEVAL_INFLATE_DAMAGED 2 /* the bytes are neither, or a check sum is wrong */

/* Makes a stream; null where there is no memory. */
ceval_inflate *ceval_inflate_make(void);

/* Inflates from `input` to `output`. Both counts come as what is there and go as what was used. */
int ceval_inflate_run(ceval_inflate *stream, const uint8_t *input, size_t *input_count, uint8_t *output,
                      size_t *output_count);

/* Begins another member after CEVAL_INFLATE_END. */
void ceval_inflate_restart(ceval_inflate *stream);

/* Ends a stream. */
void ceval_inflate_free(ceval_inflate *stream);

#endif
