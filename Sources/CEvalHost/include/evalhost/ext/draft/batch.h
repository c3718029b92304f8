/*
 * evalhost.batch: scores several rows in one call. Plugin to host. Draft: may change or go.
 *
 * For models that gain from batches; a plain scorer gains nothing, since rows cross to the worker in batches anyway.
 * A crash or a missed deadline in a batch has no row to be blamed on: the host calls again row by row.
 */
#ifndef EVALHOST_EXT_BATCH_H
#define EVALHOST_EXT_BATCH_H

#include <evalhost/scorer.h>

#define EVALHOST_EXT_BATCH "evalhost.batch.draft"
#define EVALHOST_EXT_BATCH_REVISION 1u

typedef struct evalhost_batch_scorer {
    uint32_t struct_size;
    uint32_t preferred_rows; /* the host passes at most this many */
    /*
     * Scores rows[0] to rows[count - 1], each into its own sink, and stores each row's status. What is returned is not
     * OK only if the whole call failed; then no status counts.
     */
    evalhost_status (*score_batch)(void *self, const evalhost_record *const *rows, const evalhost_sink *const *sinks,
                                   evalhost_status *statuses, uint32_t count);
} evalhost_batch_scorer;

#endif
