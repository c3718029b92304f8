/*
 * evalhost.session: scores whole conversations. Plugin to host. Draft: may change or go.
 *
 * A scorer with EVALHOST_SCORES_SESSION answers this id in its `extension`. It is called once for each session after
 * the row pass; its feedback goes to the session's first trace, or to the span that the value names.
 */
#ifndef EVALHOST_EXT_SESSION_H
#define EVALHOST_EXT_SESSION_H

#include <evalhost/scorer.h>

#define EVALHOST_EXT_SESSION "evalhost.session.draft"
#define EVALHOST_EXT_SESSION_REVISION 1u

/* A conversation: its turns in time order, each with the declared fields. Valid until score_session returns. */
typedef struct evalhost_session {
    uint32_t struct_size;
    uint32_t turn_count;
    evalhost_text id;
    const evalhost_record *const *turns;
    const int64_t *start_ns; /* of each turn, Unix time; equal where the source has none */
} evalhost_session;

typedef struct evalhost_session_scorer {
    uint32_t struct_size;
    uint32_t reserved;
    /* As score, for a session: the same thread, the same instance, the same meaning of status and sink. */
    evalhost_status (*score_session)(void *self, const evalhost_session *session, const evalhost_sink *out);
} evalhost_session_scorer;

#endif
