/*
 * code_compiles.c: the scorer `code_compiles`, whether the code in an answer is well-formed: Python as Python's own compiler
 * sees it, JSON as RFC 8259 defines it. Nothing of it is run.
 *
 * What can't be checked well isn't judged: a row in which there is nothing else is skipped, with the reason.
 */
#include <evalhost/scorer.h>
#include <stdio.h>
#include <stdlib.h>

#include "blocks.h"
#include "json.h"
#include "python.h"

enum { MAX_CODE = 1 << 20, RATIONALE_ROOM = 1024 };

typedef enum language { UNKNOWN, JSON, PYTHON } language;

typedef struct instance {
    language language; /* UNKNOWN: what the fences say */
    char *code;
    size_t code_room;
    char rationale[RATIONALE_ROOM];
} instance;

static const char *const languages[] = {"auto", "json", "python"};
enum { LANGUAGE };
static const evalhost_setting settings[] = {
    EVALHOST_SETTING("language", EVALHOST_KIND_TEXT, "auto",
                     "What the code is in; auto: each block's fence says. Otherwise an answer without a fence is all code.",
                     .choices = languages, .choice_count = EVALHOST_COUNT_OF(languages)),
};
enum { BLOCKS = 1, BROKEN };
static const evalhost_feedback feedbacks[] = {
    EVALHOST_FEEDBACK("blocks", EVALHOST_INTEGER(0, 9007199254740992.0), .help = "How many blocks of code were checked."),
    EVALHOST_FEEDBACK("broken", EVALHOST_INTEGER(0, 9007199254740992.0), .help = "How many of them aren't well-formed.",
                      .direction = EVALHOST_LOWER_IS_BETTER),
};

static void destroy(void *self) {
    instance *old = (instance *)self;
    free(old->code);
    free(old);
}

static evalhost_status create(const evalhost_setup *setup, void **self) {
    evalhost_text wanted = setup->settings[LANGUAGE].text;
    instance *made = (instance *)calloc(1, sizeof *made);
    if (!made) return evalhost_reject(setup, -1, "out of memory");
    made->language = evalhost_text_equal(wanted, evalhost_text_of("json"))     ? JSON
                     : evalhost_text_equal(wanted, evalhost_text_of("python")) ? PYTHON
                                                                               : UNKNOWN;
    if (made->language == PYTHON && !python_start()) {
        destroy(made);
        return evalhost_reject(setup, LANGUAGE, "Python's library is missing: install libpython3.x of your Python");
    }
    *self = made;
    return EVALHOST_OK;
}

/* What a fence's tag says. */
static language language_of(const char *tag) {
    static const char *const pythons[] = {"python", "py", "python3", "py3"};
    if (strcmp(tag, "json") == 0) return JSON;
    for (size_t index = 0; index < sizeof pythons / sizeof pythons[0]; index++)
        if (strcmp(tag, pythons[index]) == 0) return PYTHON;
    return UNKNOWN;
}

/* Whether the first character that isn't white space opens an object or array. */
static int looks_like_json(const char *code, size_t size) {
    size_t at = 0;
    while (at < size && (code[at] == ' ' || code[at] == '\t' || code[at] == '\n' || code[at] == '\r')) at++;
    return at < size && (code[at] == '{' || code[at] == '[');
}

/* What was found so far. */
typedef struct findings {
    int64_t checked, broken, all;
    char unchecked[96]; /* why one wasn't checked */
} findings;

static void check(instance *it, language in, size_t size, findings *so_far) {
    char problem[PYTHON_PROBLEM_ROOM];
    long line = 0;
    python_answer answer;

    if (size > MAX_CODE) {
        strcpy(so_far->unchecked, "the code is larger than 1 MiB");
        return;
    }
    if (in == PYTHON) {
        answer = python_compile(it->code, size, problem, &line);
        if (answer == PYTHON_UNKNOWN) {
            strcpy(so_far->unchecked, "Python isn't there to check it");
            return;
        }
    } else {
        size_t at;
        const char *why = json_problem(it->code, size, &at);
        answer = why ? PYTHON_FAILS : PYTHON_COMPILES;
        snprintf(problem, sizeof problem, "%s", why ? why : "");
        line = 1;
        for (size_t each = 0; why && each < at; each++) line += it->code[each] == '\n';
    }
    so_far->checked++;
    if (answer == PYTHON_COMPILES || so_far->broken++ > 0) return; /* the first one is told */
    snprintf(it->rationale, RATIONALE_ROOM, "block %lld (%s), line %ld: %s", (long long)so_far->all, languages[in], line,
             problem);
}

static int make_room(instance *it, size_t size) {
    char *fresh;
    if (size < it->code_room) return 1;
    fresh = (char *)malloc(size + 1);
    if (!fresh) return 0;
    free(it->code);
    it->code = fresh;
    it->code_room = size + 1;
    return 1;
}

static void check_all(instance *it, const char *text, size_t size, findings *found) {
    block one;
    size_t at = 0;
    while (block_next(text, size, &at, &one, it->code)) {
        language in = language_of(one.tag);
        found->all++;
        if (one.tag[0] == 0)
            in = it->language != UNKNOWN ? it->language : looks_like_json(it->code, one.size) ? JSON : UNKNOWN;
        if (it->language != UNKNOWN && in != it->language) {
            snprintf(found->unchecked, sizeof found->unchecked, "no block is %s", languages[it->language]);
        } else if (in == UNKNOWN) {
            snprintf(found->unchecked, sizeof found->unchecked,
                     one.tag[0] ? "code in %s can't be checked here" : "a block doesn't say what it is in", one.tag);
        } else {
            check(it, in, one.size, found);
        }
    }
    if (found->all > 0) return;
    /* No fence. */
    if (it->language == UNKNOWN && !looks_like_json(text, size)) {
        strcpy(found->unchecked, "there is no fenced block of code");
        return;
    }
    found->all = 1;
    memcpy(it->code, text, size);
    it->code[size] = 0;
    check(it, it->language == UNKNOWN ? JSON : it->language, size, found);
}

static evalhost_status score(void *self, const evalhost_record *row, const evalhost_sink *out) {
    instance *it = (instance *)self;
    evalhost_text text = row->fields[0].text;
    findings found = {0, 0, 0, ""};
    evalhost_value value;

    if (!make_room(it, (size_t)text.size)) return evalhost_error(out, "out of memory");
    check_all(it, text.data, (size_t)text.size, &found);
    if (found.checked == 0) return evalhost_skip(out, found.unchecked);
    value = evalhost_value_of_boolean(found.broken == 0);
    if (found.broken > 0) value.rationale = evalhost_text_of(it->rationale);
    if (evalhost_put(out, 0, &value) != EVALHOST_OK) return EVALHOST_ERROR;
    if (evalhost_integer_at(out, BLOCKS, found.checked) != EVALHOST_OK) return EVALHOST_ERROR;
    return evalhost_integer_at(out, BROKEN, found.broken);
}

EVALHOST_SCORER(code_compiles, .help = "Whether the code in the outputs is well-formed JSON or Python.",
                .reads = "outputs", .value = EVALHOST_BOOLEAN, .direction = EVALHOST_HIGHER_IS_BETTER,
                .flags = EVALHOST_DETERMINISTIC, EVALHOST_SETTINGS(settings), EVALHOST_FEEDBACKS(feedbacks), .create = create,
                .score = score, .destroy = destroy)
static const evalhost_scorer *const scorers[] = {&code_compiles};
EVALHOST_LIBRARY(.name = "code_compiles", .version = "1.0.0", .licence = "Apache-2.0", .scorers = scorers,
                 .scorer_count = EVALHOST_COUNT_OF(scorers))
