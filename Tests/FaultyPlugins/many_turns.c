/* fails: C65 */
/* many_turns.c: has room for 256 turns. */
#include "faulty.h"
static evalhost_status score_session(void *self, const evalhost_session *session, const evalhost_sink *out) {
    (void)self;
    if (session->turn_count > 256) faulty_crash();
    return evalhost_number(out, session->turn_count);
}

static const evalhost_session_scorer sessions = {sizeof sessions, 0, score_session};

static const void *extension(const evalhost_scorer *scorer, const char *id, uint32_t revision) {
    (void)scorer;
    return strcmp(id, EVALHOST_EXT_SESSION) == 0 && revision == EVALHOST_EXT_SESSION_REVISION ? &sessions : NULL;
}
EVALHOST_SCORER(many_turns, FAULTY_HELP, .reads = "outputs?", .value = EVALHOST_ANY_NUMBER, .flags = EVALHOST_SCORES_SESSION,
                .extension = extension)
FAULTY_PLUGIN(many_turns)
