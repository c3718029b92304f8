/* The shim over zlib: its macros and its counts of 32 bits stay here. */
#include "ceval_zlib.h"

#include <limits.h>
#include <stdlib.h>
#include <zlib.h>

struct ceval_inflate {
    z_stream z;
};

ceval_inflate *ceval_inflate_make(void) {
    ceval_inflate *stream = calloc(1, sizeof *stream);
    if (stream == NULL) return NULL;
    /* 32 is zlib's word for: gzip or zlib (RFC 1950), whichever the first bytes say. */
    if (inflateInit2(&stream->z, 32 + MAX_WBITS) != Z_OK) {
        free(stream);
        return NULL;
    }
    return stream;
}

int ceval_inflate_run(ceval_inflate *stream, const uint8_t *input, size_t *input_count, uint8_t *output,
                      size_t *output_count) {
    uInt in = *input_count > UINT_MAX ? UINT_MAX : (uInt)*input_count;
    uInt out = *output_count > UINT_MAX ? UINT_MAX : (uInt)*output_count;
    stream->z.next_in = (Bytef *)input; /* zlib doesn't write there; its type is older than const */
    stream->z.avail_in = in;
    stream->z.next_out = output;
    stream->z.avail_out = out;
    int code = inflate(&stream->z, Z_NO_FLUSH);
    *input_count = in - stream->z.avail_in;
    *output_count = out - stream->z.avail_out;
    if (code == Z_STREAM_END) return CEVAL_INFLATE_END;
    if (code == Z_OK || code == Z_BUF_ERROR) return CEVAL_INFLATE_MORE;
    return CEVAL_INFLATE_DAMAGED;
}

void ceval_inflate_restart(ceval_inflate *stream) { (void)inflateReset(&stream->z); }

void ceval_inflate_free(ceval_inflate *stream) {
    if (stream == NULL) return;
    (void)inflateEnd(&stream->z);
    free(stream);
}
