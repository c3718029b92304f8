/* rows.h: runs a query, keeps its rows as text, and compares them. */
#ifndef ROWS_H
#define ROWS_H

#include <sqlite3.h>
#include <stddef.h>
#include <stdint.h>

enum { PROBLEM_ROOM = 1024 };

typedef struct rows {
    int columns;
    char *bytes; /* all rows, one after another, as SQL would spell their values */
    size_t size, room;
    size_t *starts; /* where each row begins, and behind the last one where it ends */
    size_t count, starts_room;
} rows;

/* How many steps of SQLite's machine may still be made; negative: they were used up. */
typedef struct budget {
    int64_t left;
} budget;

enum { STEPS_BETWEEN = 1000 };

/* For sqlite3_progress_handler, with a budget. */
int budget_spend(void *context);

typedef enum outcome { RAN, REFUSED, NO_MEMORY } outcome;

/*
 * Runs a single SELECT. REFUSED: it isn't one, or it failed; `problem` says why, in UTF-8. It stops, and is RAN, behind
 * `limit` rows.
 */
outcome rows_of(sqlite3 *db, const char *sql, size_t size, size_t limit, budget *steps, rows *found,
                char problem[PROBLEM_ROOM]);

/* Whether they are the same rows, in order or in any; if not, `problem` says where. NO_MEMORY is possible. */
outcome rows_compare(rows *found, rows *expected, int is_ordered, int *are_equal, char problem[PROBLEM_ROOM]);

void rows_free(rows *it);

#endif
