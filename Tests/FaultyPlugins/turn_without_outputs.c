/* fails: C22 C66 */
/* turn_without_outputs.c: takes it that every turn has outputs. */
#include "faulty.h"
static evalhost_status score_session(void *self, const evalhost_session *session, const evalhost_sink *out) {
    (void)self;
    double sum = 0;
    for (uint32_t turn = 0; turn < session->turn_count; turn++) {
        if (session->turns[turn]->fields[0].kind != EVALHOST_KIND_TEXT) faulty_crash();
        sum += (double)session->turns[turn]->fields[0].text.size;
    }
    return evalhost_number(out, sum);
}

static const evalhost_session_scorer sessions = {sizeof sessions, 0, score_session};

static const void *extension(const evalhost_scorer *scorer, const char *id, uint32_t revision) {
    (void)scorer;
    return strcmp(id, EVALHOST_EXT_SESSION) == 0 && revision == EVALHOST_EXT_SESSION_REVISION ? &sessions : NULL;
}
EVALHOST_SCORER(turn_without_outputs, FAULTY_HELP, .reads = "outputs?", .value = EVALHOST_ANY_NUMBER, .flags = EVALHOST_SCORES_SESSION,
                .extension = extension)
FAULTY_PLUGIN(turn_without_outputs)
