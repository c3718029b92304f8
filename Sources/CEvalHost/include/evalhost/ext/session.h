/*
 * evalhost.session, revision 1: scores whole conversations. Plugin to host.
 *
 * A scorer with EVALHOST_SCORES_SESSION answers this id in its `extension` with a constant table. After the pass over
 * the rows the host calls score_session once for each session; `score` is never called and may be null. Its values count
 * for the session: they go to the session's first trace, or where a value names a span, to that span of any of the
 * session's traces. A library that scores both rows and sessions has two scorers.
 *
 *     static const evalhost_session_scorer sessions = {sizeof sessions, 0, score_session};
 *     static const void *extension(const evalhost_scorer *scorer, const char *id, uint32_t revision) {
 *         return strcmp(id, EVALHOST_EXT_SESSION) == 0 && revision == EVALHOST_EXT_SESSION_REVISION ? &sessions : NULL;
 *     }
 *     EVALHOST_SCORER(repetition, …, .flags = EVALHOST_SCORES_SESSION, .extension = extension)
 *
 * Fields   `reads` says what each turn has, as for rows. A turn that lacks a required field makes the whole session the
 *          error `missing_field`, and the scorer isn't called: mark fields with `?` that a turn may lack.
 * Threads  As for score: the instance's own thread. The deadline is for the session, not for each turn.
 * Worker   The whole session crosses into the worker, so a crash or a missed deadline costs one session; one that is
 *          larger than the host takes is the error `row_too_large`. With --isolation inprocess it is a plain call.
 */
#ifndef EVALHOST_EXT_SESSION_H
#define EVALHOST_EXT_SESSION_H

#include <evalhost/scorer.h>

#ifdef __cplusplus
extern "C" {
#endif

#define EVALHOST_EXT_SESSION "evalhost.session"
#define EVALHOST_EXT_SESSION_REVISION 1u

/*
 * A conversation: its turns in time order, at least one, each with the declared fields. The host's, with all that it
 * points to; valid on the calling thread until score_session returns.
 */
typedef struct evalhost_session {
    uint32_t struct_size;
    uint32_t turn_count;
    evalhost_text id;                    /* the session's own name, never empty */
    const evalhost_record *const *turns; /* turn_count of them, none null; extensions that want a row take any of them */
    const int64_t *start_ns;             /* when each turn began, Unix time; 0 where the source doesn't say */
} evalhost_session;

/* What a scorer offers: constant, the plugin's, and valid as long as the library is loaded. */
typedef struct evalhost_session_scorer {
    uint32_t struct_size;
    uint32_t reserved;
    /*
     * Judges one session. The same thread, instance, sink, statuses and limits as in score, with "the session" for "the
     * row"; RETRY gives the session once more. Not null; never called with a null session or sink.
     */
    evalhost_status (*score_session)(void *self, const evalhost_session *session, const evalhost_sink *out);
} evalhost_session_scorer;

#ifdef __cplusplus
}
#endif

#endif
