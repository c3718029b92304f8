/*
 * sql_equivalence.c: the scorer `sql_equivalence`, whether the query in an answer gives the rows that the expected one gives.
 *
 * Both run in SQLite, in memory, on the tables of the row or of the setting. What the model wrote may do nothing but select:
 * an authorizer refuses the rest, and a budget of steps ends what would run for ever. That its query fails is a result; that
 * the expected query or the tables fail is the row's error, since then nothing is known about the answer.
 */
#include <evalhost/scorer.h>
#include <sqlite3.h>
#include <stdlib.h>

#include "query.h"
#include "rows.h"

enum { LENGTH_LIMIT = 16 << 20 };

typedef struct instance {
    char *default_schema;
    size_t default_size;
    int64_t steps;
    int order; /* an index into orders */
    sqlite3 *db;  /* with the tables of `schema`; used again while the rows have the same */
    char *schema;
    size_t schema_size;
    budget budget;
    rows found, expected;
    char problem[PROBLEM_ROOM], message[PROBLEM_ROOM + 64];
} instance;

enum { AUTO, ALWAYS, NEVER };
static const char *const orders[] = {"auto", "always", "never"};
enum { SCHEMA, ORDER, STEPS };
static const evalhost_setting settings[] = {
    EVALHOST_SETTING("schema", EVALHOST_KIND_TEXT, "",
                     "Statements that make the tables and fill them, for rows without expectations.schema."),
    EVALHOST_SETTING("order", EVALHOST_KIND_TEXT, "auto",
                     "Whether the order of rows counts; auto: if the expected query has an ORDER BY.", .choices = orders,
                     .choice_count = EVALHOST_COUNT_OF(orders)),
    EVALHOST_SETTING("steps", EVALHOST_KIND_INTEGER, "10000000",
                     "How many steps of SQLite's machine the tables and each query may take.", .minimum = 1000,
                     .maximum = 1000000000, .flags = EVALHOST_HAS_MINIMUM | EVALHOST_HAS_MAXIMUM),
};

static void destroy(void *self) {
    instance *old = (instance *)self;
    if (old->db) sqlite3_close(old->db);
    free(old->default_schema);
    free(old->schema);
    rows_free(&old->found);
    rows_free(&old->expected);
    free(old);
}

static char *copy_of(evalhost_text text) {
    char *copy = (char *)malloc((size_t)text.size + 1);
    if (copy) memcpy(copy, text.data, (size_t)text.size + 1);
    return copy;
}

static evalhost_status create(const evalhost_setup *setup, void **self) {
    evalhost_text schema = setup->settings[SCHEMA].text, order = setup->settings[ORDER].text;
    instance *made = (instance *)calloc(1, sizeof *made);
    if (!made) return evalhost_reject(setup, -1, "out of memory");
    made->default_schema = copy_of(schema);
    made->default_size = (size_t)schema.size;
    made->steps = setup->settings[STEPS].integer;
    while (made->order < NEVER && !evalhost_text_equal(order, evalhost_text_of(orders[made->order]))) made->order++;
    if (!made->default_schema) {
        free(made);
        return evalhost_reject(setup, -1, "out of memory");
    }
    *self = made;
    return EVALHOST_OK;
}

/* For the tables: other files are nobody's business. Settings of the connection are ours. */
static int may_make(void *context, int action, const char *a, const char *b, const char *c, const char *d) {
    (void)context, (void)a, (void)b, (void)c, (void)d;
    return action == SQLITE_ATTACH || action == SQLITE_DETACH || action == SQLITE_PRAGMA ? SQLITE_DENY : SQLITE_OK;
}

/* For the queries. */
static int may_select(void *context, int action, const char *a, const char *b, const char *c, const char *d) {
    (void)context, (void)a, (void)c, (void)d;
    if (action == SQLITE_FUNCTION) return b && strcmp(b, "load_extension") == 0 ? SQLITE_DENY : SQLITE_OK;
    return action == SQLITE_SELECT || action == SQLITE_READ || action == SQLITE_RECURSIVE ? SQLITE_OK : SQLITE_DENY;
}

static const char *say(instance *it, const char *before) {
    strcpy(it->message, before);
    strcat(it->message, it->problem);
    return it->message;
}

/* A database with these tables. Returns null, or why there is none. */
static const char *make_tables(instance *it, const char *schema, size_t size) {
    char *copy;
    int status;

    if (it->db && it->schema_size == size && memcmp(it->schema, schema, size) == 0) return NULL;
    if (it->db) sqlite3_close(it->db);
    it->db = NULL;
    if (memchr(schema, 0, size + 1) != schema + size) return "the tables' statements have a NUL character";
    copy = (char *)malloc(size + 1);
    if (!copy) return "out of memory";
    memcpy(copy, schema, size + 1);
    free(it->schema);
    it->schema = copy;
    it->schema_size = size;

    status = sqlite3_open_v2(":memory:", &it->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL);
    if (status == SQLITE_OK) status = sqlite3_exec(it->db, "PRAGMA temp_store = MEMORY", NULL, NULL, NULL);
    if (status == SQLITE_OK) {
        sqlite3_limit(it->db, SQLITE_LIMIT_LENGTH, LENGTH_LIMIT);
        sqlite3_limit(it->db, SQLITE_LIMIT_ATTACHED, 0);
        sqlite3_db_config(it->db, SQLITE_DBCONFIG_DEFENSIVE, 1, (int *)NULL);
        sqlite3_set_authorizer(it->db, may_make, NULL);
        sqlite3_progress_handler(it->db, STEPS_BETWEEN, budget_spend, &it->budget);
        it->budget.left = it->steps;
        status = sqlite3_exec(it->db, it->schema, NULL, NULL, NULL);
        sqlite3_set_authorizer(it->db, may_select, NULL);
    }
    if (status == SQLITE_OK) return NULL;
    strncpy(it->problem, it->db ? sqlite3_errmsg(it->db) : "out of memory", PROBLEM_ROOM - 1);
    if (it->db) sqlite3_close(it->db);
    it->db = NULL;
    return say(it, "the tables can't be made: ");
}

static evalhost_status wrong(const evalhost_sink *out, const char *why) {
    evalhost_value value = evalhost_value_of_boolean(0);
    value.rationale = evalhost_text_of(why);
    return evalhost_put(out, 0, &value);
}

static evalhost_status score(void *self, const evalhost_record *row, const evalhost_sink *out) {
    instance *it = (instance *)self;
    evalhost_text output = row->fields[0].text, expected = row->fields[1].text, schema = row->fields[2].text;
    const char *sql, *failure;
    size_t size;
    int is_ordered, are_equal;
    outcome ended;

    failure = row->fields[2].kind == EVALHOST_KIND_TEXT ? make_tables(it, schema.data, (size_t)schema.size)
                                                        : make_tables(it, it->default_schema, it->default_size);
    if (failure) return evalhost_error(out, failure);

    it->budget.left = it->steps;
    size = (size_t)expected.size;
    ended = rows_of(it->db, expected.data, size, SIZE_MAX, &it->budget, &it->expected, it->problem);
    if (ended == REFUSED) return evalhost_error(out, say(it, "the expected query fails: "));
    if (ended == NO_MEMORY) return evalhost_error(out, "out of memory");

    sql = query_in(output.data, (size_t)output.size, &size);
    it->budget.left = it->steps;
    ended = rows_of(it->db, sql, size, it->expected.count, &it->budget, &it->found, it->problem);
    if (ended == REFUSED) return wrong(out, say(it, "the query fails: "));
    if (ended == NO_MEMORY) return evalhost_error(out, "out of memory");

    is_ordered = it->order == ALWAYS || (it->order == AUTO && query_is_ordered(expected.data, (size_t)expected.size));
    if (rows_compare(&it->found, &it->expected, is_ordered, &are_equal, it->problem) == NO_MEMORY)
        return evalhost_error(out, "out of memory");
    return are_equal ? evalhost_boolean(out, 1) : wrong(out, it->problem);
}

EVALHOST_SCORER(sql_equivalence, .help = "Whether the query in the outputs gives the rows that the expected query gives.",
                .reads = "outputs, expectations.expected_query, expectations.schema?", .value = EVALHOST_BOOLEAN,
                .direction = EVALHOST_HIGHER_IS_BETTER, EVALHOST_SETTINGS(settings), .create = create, .score = score,
                .destroy = destroy)
static const evalhost_scorer *const scorers[] = {&sql_equivalence};
EVALHOST_LIBRARY(.name = "sql_equivalence", .version = "1.0.1", .licence = "Apache-2.0", .scorers = scorers,
                 .scorer_count = EVALHOST_COUNT_OF(scorers))
