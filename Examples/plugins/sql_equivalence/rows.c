/* rows.c: see rows.h. */
#include "rows.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "query.h"

enum { MAX_BYTES = 64 << 20 };

int budget_spend(void *context) {
    budget *steps = (budget *)context;
    steps->left -= STEPS_BETWEEN;
    return steps->left < 0;
}

/* Texts of SQLite may be no UTF-8, or end within a character: what isn't becomes a question mark. */
static void repair(char *text) {
    unsigned char *at = (unsigned char *)text;
    while (*at) {
        size_t length = *at < 0x80 ? 1 : *at < 0xC2 ? 0 : *at < 0xE0 ? 2 : *at < 0xF0 ? 3 : *at < 0xF5 ? 4 : 0, good = 1;
        while (good < length && (at[good] & 0xC0) == 0x80) good++;
        if (length > 1 && (good < length || (*at == 0xE0 && at[1] < 0xA0) || (*at == 0xED && at[1] > 0x9F) ||
                           (*at == 0xF0 && at[1] < 0x90) || (*at == 0xF4 && at[1] > 0x8F)))
            length = 0;
        if (length == 0) *at = '?';
        at += length ? length : 1;
    }
}

static outcome refuse(char problem[PROBLEM_ROOM], const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(problem, PROBLEM_ROOM, format, arguments);
    va_end(arguments);
    repair(problem);
    return REFUSED;
}

static int append(rows *it, const char *bytes, size_t size) {
    if (it->room - it->size < size) {
        size_t room = (it->size + size) * 2 + 256;
        char *larger = (char *)realloc(it->bytes, room);
        if (!larger) return 0;
        it->bytes = larger;
        it->room = room;
    }
    if (size > 0) memcpy(it->bytes + it->size, bytes, size);
    it->size += size;
    return 1;
}

/* Marks that a row begins here. */
static int begin_row(rows *it) {
    if (it->count >= it->starts_room) {
        size_t room = it->starts_room * 2 + 64;
        size_t *larger = (size_t *)realloc(it->starts, room * sizeof *larger);
        if (!larger) return 0;
        it->starts = larger;
        it->starts_room = room;
    }
    it->starts[it->count] = it->size;
    return 1;
}

static int append_quoted(rows *it, const char *text, size_t size) {
    const char *end = text + size;
    if (!append(it, "'", 1)) return 0;
    while (text < end) {
        const char *quote = (const char *)memchr(text, '\'', (size_t)(end - text));
        if (!quote) return append(it, text, (size_t)(end - text)) && append(it, "'", 1);
        if (!append(it, text, (size_t)(quote - text)) || !append(it, "''", 2)) return 0;
        text = quote + 1;
    }
    return append(it, "'", 1);
}

static int append_blob(rows *it, const unsigned char *bytes, size_t size) {
    if (!append(it, "x'", 2)) return 0;
    for (size_t index = 0; index < size; index++) {
        char digits[3];
        snprintf(digits, sizeof digits, "%02x", bytes[index]);
        if (!append(it, digits, 2)) return 0;
    }
    return append(it, "'", 1);
}

/* A number with 12 digits, so that sums in another order are the same; a whole one is spelled as an integer is. */
static int append_number(rows *it, double number) {
    char digits[40];
    if (number == floor(number) && fabs(number) < 9007199254740992.0)
        snprintf(digits, sizeof digits, "%lld", (long long)number);
    else
        snprintf(digits, sizeof digits, "%.12g", number);
    return append(it, digits, strlen(digits));
}

static int append_value(sqlite3_stmt *statement, int column, rows *it) {
    char digits[32];
    const char *bytes;
    switch (sqlite3_column_type(statement, column)) {
    case SQLITE_INTEGER:
        snprintf(digits, sizeof digits, "%lld", (long long)sqlite3_column_int64(statement, column));
        return append(it, digits, strlen(digits));
    case SQLITE_FLOAT: return append_number(it, sqlite3_column_double(statement, column));
    case SQLITE_TEXT:
        bytes = (const char *)sqlite3_column_text(statement, column);
        return bytes && append_quoted(it, bytes, (size_t)sqlite3_column_bytes(statement, column));
    case SQLITE_BLOB:
        bytes = (const char *)sqlite3_column_blob(statement, column); /* null if it is empty */
        return append_blob(it, (const unsigned char *)bytes, (size_t)sqlite3_column_bytes(statement, column));
    default: return append(it, "NULL", 4);
    }
}

/* Collects the rows of a statement that was checked. */
static outcome collect(sqlite3 *db, sqlite3_stmt *statement, size_t limit, const budget *steps,
                       rows *found, char problem[PROBLEM_ROOM]) {
    for (;;) {
        int status = sqlite3_step(statement);
        if (!begin_row(found)) return NO_MEMORY;
        if (status == SQLITE_DONE) return RAN;
        if (status == SQLITE_NOMEM) return refuse(problem, "it takes too much memory");
        if (status == SQLITE_INTERRUPT && steps->left < 0) return refuse(problem, "it takes too many steps");
        if (status != SQLITE_ROW) return refuse(problem, "%.900s", sqlite3_errmsg(db));
        for (int column = 0; column < found->columns; column++) {
            if (column > 0 && !append(found, ", ", 2)) return NO_MEMORY;
            if (!append_value(statement, column, found)) return NO_MEMORY;
            if (found->size > MAX_BYTES) return refuse(problem, "its rows are larger than %d MiB", MAX_BYTES >> 20);
        }
        found->count++;
        if (!begin_row(found)) return NO_MEMORY;
        if (found->count > limit) return RAN;
    }
}

outcome rows_of(sqlite3 *db, const char *sql, size_t size, size_t limit, budget *steps, rows *found,
                char problem[PROBLEM_ROOM]) {
    sqlite3_stmt *statement = NULL;
    const char *rest = sql;
    outcome result;
    int status;

    found->count = found->size = 0;
    if (size > 0 && memchr(sql, 0, size)) return refuse(problem, "it has a NUL character");
    if (query_is_empty(sql, size)) return refuse(problem, "there is no query");
    if (size > 1000000) return refuse(problem, "it is longer than 1,000,000 bytes");
    while (size > 0 && (*sql == ';' || *sql == ' ' || *sql == '\n' || *sql == '\r' || *sql == '\t')) sql++, size--;
    status = sqlite3_prepare_v2(db, sql, (int)size, &statement, &rest);
    if (status == SQLITE_NOMEM) return refuse(problem, "it takes too much memory");
    if (status == SQLITE_AUTH) return refuse(problem, "it does more than select: %.900s", sqlite3_errmsg(db));
    if (status != SQLITE_OK) return refuse(problem, "%.900s", sqlite3_errmsg(db));
    found->columns = statement ? sqlite3_column_count(statement) : 0;
    if (!statement || !sqlite3_stmt_readonly(statement) || sqlite3_stmt_isexplain(statement) || found->columns == 0)
        result = refuse(problem, "it isn't a SELECT");
    else if (!query_is_empty(rest, size - (size_t)(rest - sql)))
        result = refuse(problem, "it is more than one statement");
    else if (sqlite3_bind_parameter_count(statement) > 0)
        result = refuse(problem, "it has parameters, which nothing is bound to");
    else
        result = collect(db, statement, limit, steps, found, problem);
    sqlite3_finalize(statement);
    return result;
}

/* A row as a view. */
typedef struct line {
    const char *bytes;
    size_t size;
} line;

static int compare_lines(const void *left, const void *right) {
    const line *a = (const line *)left, *b = (const line *)right;
    size_t shorter = a->size < b->size ? a->size : b->size;
    int order = shorter > 0 ? memcmp(a->bytes, b->bytes, shorter) : 0;
    return order != 0 ? order : (a->size > b->size) - (a->size < b->size);
}

static line *lines_of(const rows *it, int is_ordered) {
    line *lines = (line *)malloc((it->count + 1) * sizeof *lines);
    if (!lines) return NULL;
    for (size_t index = 0; index < it->count; index++) {
        lines[index].bytes = it->bytes + it->starts[index];
        lines[index].size = it->starts[index + 1] - it->starts[index];
    }
    if (!is_ordered) qsort(lines, it->count, sizeof *lines, compare_lines);
    return lines;
}

static int shown(line it) { return it.size < 300 ? (int)it.size : 300; }

static void explain(const line *found, const line *expected, size_t at, int is_ordered, char problem[PROBLEM_ROOM]) {
    int order = compare_lines(&found[at], &expected[at]);
    if (is_ordered)
        refuse(problem, "row %zu is (%.*s), expected is (%.*s)", at + 1, shown(found[at]), found[at].bytes,
               shown(expected[at]), expected[at].bytes);
    else if (order < 0)
        refuse(problem, "(%.*s) is not expected, or not as often", shown(found[at]), found[at].bytes);
    else
        refuse(problem, "(%.*s) is missing, or not there as often", shown(expected[at]), expected[at].bytes);
}

outcome rows_compare(rows *found, rows *expected, int is_ordered, int *are_equal, char problem[PROBLEM_ROOM]) {
    line *left, *right;
    int has_memory;
    *are_equal = 0;
    if (found->columns != expected->columns) {
        refuse(problem, "columns: %d, expected are %d", found->columns, expected->columns);
        return RAN;
    }
    if (found->count != expected->count) {
        refuse(problem, "rows: %s%zu, expected are %zu", found->count > expected->count ? "at least " : "", found->count,
               expected->count);
        return RAN;
    }
    left = lines_of(found, is_ordered);
    right = lines_of(expected, is_ordered);
    has_memory = left && right;
    if (has_memory) {
        size_t at = 0;
        while (at < found->count && compare_lines(&left[at], &right[at]) == 0) at++;
        *are_equal = at == found->count;
        if (!*are_equal) explain(left, right, at, is_ordered, problem);
    }
    free(left);
    free(right);
    return has_memory ? RAN : NO_MEMORY;
}

void rows_free(rows *it) {
    free(it->bytes);
    free(it->starts);
}
