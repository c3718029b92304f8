/*
 * evalhost.log, revision 1: lines for the people who run the evaluation. Host to plugin.
 *
 * Use it for what went wrong or was decided in an instance; what belongs to a row goes into its rationale or metadata.
 * Don't write users' text: logs are kept longer, and read by more people, than rows.
 *
 * Standard output and standard error work too, but without level, scorer and row: a worker's are pipes into the same
 * log. With --isolation inprocess they are the host's own, where a plugin's lines would stand between results: use this.
 * The last lines of a worker that dies may be lost.
 */
#ifndef EVALHOST_EXT_LOG_H
#define EVALHOST_EXT_LOG_H

#include <evalhost/scorer.h>

#ifdef __cplusplus
extern "C" {
#endif

#define EVALHOST_EXT_LOG "evalhost.log"
#define EVALHOST_EXT_LOG_REVISION 1u

#define EVALHOST_LOG_DEBUG 1u
#define EVALHOST_LOG_INFO 2u
#define EVALHOST_LOG_WARNING 3u
#define EVALHOST_LOG_ERROR 4u

/* Valid from create until destroy has returned. */
typedef struct evalhost_log {
    uint32_t struct_size;
    uint32_t minimum_level; /* below it nothing is kept: don't spend time on phrasing it */
    /*
     * Writes one line, from any thread, from the beginning of create to the end of destroy, without ever waiting: lines
     * beyond the host's rate are counted and dropped, and the count is told. `host` is setup->host. `row` is the row
     * being scored (a turn of the session), on its own thread only, or null: elsewhere, and where the line is about none.
     * The line is copied. It ends without a newline; control characters in it become spaces, what isn't UTF-8 is
     * replaced, and what is beyond EVALHOST_MAX_MESSAGE_BYTES is cut. Empty lines are nothing. `host` isn't null. A level
     * that there isn't, or below minimum_level, is no error: the line may be dropped. It can't fail.
     */
    void (*write)(const evalhost_host *host, const evalhost_record *row, uint32_t level, evalhost_text line);
} evalhost_log;

#ifdef __cplusplus
}
#endif

#endif
