/* fails: C66 */
/* empty_session.c: divides by what all turns have together. */
#include "faulty.h"
static evalhost_status score_session(void *self, const evalhost_session *session, const evalhost_sink *out) {
    (void)self;
    double sum = 0, spaces = 0;
    for (uint32_t turn = 0; turn < session->turn_count; turn++) {
        evalhost_text text = session->turns[turn]->fields[0].text;
        sum += (double)text.size;
        for (uint64_t index = 0; index < text.size; index++) spaces += text.data[index] == ' ';
    }
    return evalhost_number(out, spaces / sum);
}

static const evalhost_session_scorer sessions = {sizeof sessions, 0, score_session};

static const void *extension(const evalhost_scorer *scorer, const char *id, uint32_t revision) {
    (void)scorer;
    return strcmp(id, EVALHOST_EXT_SESSION) == 0 && revision == EVALHOST_EXT_SESSION_REVISION ? &sessions : NULL;
}
EVALHOST_SCORER(empty_session, FAULTY_HELP, .reads = "outputs?", .value = EVALHOST_ANY_NUMBER, .flags = EVALHOST_SCORES_SESSION,
                .extension = extension)
FAULTY_PLUGIN(empty_session)
