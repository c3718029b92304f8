/*
 * evalhost.log: lines for the people who run the evaluation. Host to plugin. Draft: may change or go.
 *
 * Use it for what went wrong or was decided in an instance; what belongs to a row goes into its rationale or metadata.
 * Don't write users' text: logs are kept longer, and read by more people, than rows. Standard output and standard error
 * work too, but without level, scorer and row.
 */
#ifndef EVALHOST_EXT_LOG_H
#define EVALHOST_EXT_LOG_H

#include <evalhost/scorer.h>

#define EVALHOST_EXT_LOG "evalhost.log.draft"
#define EVALHOST_EXT_LOG_REVISION 1u

#define EVALHOST_LOG_DEBUG 1u
#define EVALHOST_LOG_INFO 2u
#define EVALHOST_LOG_WARNING 3u
#define EVALHOST_LOG_ERROR 4u

typedef struct evalhost_log {
    uint32_t struct_size;
    uint32_t minimum_level; /* below it nothing is kept: don't spend time on phrasing it */
    /*
     * Writes one line, from any thread, without waiting: beyond the host's rate it is counted and dropped. `row` is the
     * row being scored, or null. Longer than EVALHOST_MAX_MESSAGE_BYTES is cut.
     */
    void (*write)(const evalhost_host *host, const evalhost_record *row, uint32_t level, evalhost_text line);
} evalhost_log;

#endif
