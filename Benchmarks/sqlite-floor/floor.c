/* The floor under the store: SQLite's bare C API doing what a commit does, with bytes that are ready to be bound.
 * Schema, pragmas and statements, each in the sizes that a commit uses, are those of the product, which prints them;
 * compare.sh checks that both write the same tables.
 *
 *     store-bench schema > schema.sql; store-bench statements > statements.sql
 *     cc -O2 floor.c -lsqlite3 -o floor
 *     ./floor floor.db schema.sql statements.sql 300000
 */
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { BATCH = 512, CHUNK = 64, SCORERS = 3, TEMPLATES = 64, TABLES = 3, SIZES = 4 };

static sqlite3 *db;
/* Of each table, largest size first. */
static struct { int rows; sqlite3_stmt *statement; } inserts[TABLES][SIZES];

static char spans[TEMPLATES][4096], expectations[TEMPLATES][4096];
static const char tags[] = "{\"evalhost.pregenerated\":\"true\"}";
static const char why[] = "the answer differs from the expected one at byte 17";
static unsigned char ids[CHUNK][16], digests[CHUNK][64], assessments[CHUNK * SCORERS][16];

static void check(int code, const char *what) {
    if (code == SQLITE_OK || code == SQLITE_DONE || code == SQLITE_ROW) return;
    fprintf(stderr, "%s: %s\n", what, sqlite3_errmsg(db));
    exit(1);
}

static double seconds(clockid_t clock) {
    struct timespec t;
    clock_gettime(clock, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

static char *read_file(const char *path) {
    FILE *f = fopen(path, "r");
    if (!f) { perror(path); exit(1); }
    char *text = calloc(1, 1 << 20);
    if (fread(text, 1, (1 << 20) - 1, f) == 0) { fprintf(stderr, "%s: nothing in it\n", path); exit(1); }
    fclose(f);
    return text;
}

static void words(char *to, int count, uint64_t seed) {
    static const char *vocabulary[] = {"capital", "of", "the", "answer", "is", "a", "model", "which", "says", "river",
                                       "\xc3\xa9t\xc3\xa9", "large"};
    uint64_t state = (seed + 1) * 0x9E3779B97F4A7C15u;
    *to = 0;
    for (int i = 0; i < count; i++) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        if (i) strcat(to, " ");
        strcat(to, vocabulary[(state >> 33) % 12]);
    }
}

/* Time-ordered, like PublicID.make. */
static void public_id(unsigned char id[16]) {
    static uint64_t high = (uint64_t)1800000000000 << 16, random = 42;
    high += 37;
    random = random * 6364136223846793005u + 1442695040888963407u;
    for (int i = 0; i < 8; i++) id[i] = high >> (56 - 8 * i);
    memcpy(id + 8, &random, 8);
}

/* Each binds one row of its table from column p on, and returns the column after it. */
static int bind_trace(sqlite3_stmt *s, int p, int chunk, int place) {
    int row = chunk + place;
    const char *text = spans[row % TEMPLATES];
    public_id(ids[place]);
    sqlite3_bind_int64(s, p++, row + 1);
    sqlite3_bind_blob64(s, p++, ids[place], 16, SQLITE_STATIC);
    sqlite3_bind_int64(s, p++, 0);
    sqlite3_bind_int64(s, p++, 1);
    sqlite3_bind_int64(s, p++, 1800000000000 + row);
    sqlite3_bind_null(s, p++);
    sqlite3_bind_null(s, p++);
    sqlite3_bind_text64(s, p++, tags, sizeof tags - 1, SQLITE_STATIC, SQLITE_UTF8);
    sqlite3_bind_null(s, p++);
    sqlite3_bind_int64(s, p++, 1);
    sqlite3_bind_text64(s, p++, text, strlen(text), SQLITE_STATIC, SQLITE_UTF8);
    return p;
}

static int bind_row(sqlite3_stmt *s, int p, int chunk, int place) {
    static uint64_t random = 7;
    int row = chunk + place;
    const char *expected = expectations[row % TEMPLATES];
    for (int i = 0; i < 64; i += 8) {
        random = random * 6364136223846793005u + 1442695040888963407u;
        memcpy(digests[place] + i, &random, 8);
    }
    sqlite3_bind_int64(s, p++, row + 1);
    sqlite3_bind_int64(s, p++, 1);
    sqlite3_bind_int64(s, p++, row);
    sqlite3_bind_int64(s, p++, 0);
    sqlite3_bind_int64(s, p++, row + 1);
    sqlite3_bind_int64(s, p++, 0);
    sqlite3_bind_null(s, p++);
    sqlite3_bind_blob64(s, p++, digests[place], 32, SQLITE_STATIC);
    sqlite3_bind_blob64(s, p++, digests[place] + 32, 32, SQLITE_STATIC);
    sqlite3_bind_text64(s, p++, expected, strlen(expected), SQLITE_STATIC, SQLITE_UTF8);
    sqlite3_bind_null(s, p++);
    sqlite3_bind_null(s, p++);
    sqlite3_bind_null(s, p++);
    sqlite3_bind_null(s, p++);
    sqlite3_bind_null(s, p++);
    sqlite3_bind_int64(s, p++, 0);
    return p;
}

static int bind_assessment(sqlite3_stmt *s, int p, int chunk, int place) {
    int row = chunk + place / SCORERS, scorer = 1 + place % SCORERS;
    public_id(assessments[place]);
    sqlite3_bind_int64(s, p++, row + 1);
    sqlite3_bind_int64(s, p++, scorer);
    sqlite3_bind_int64(s, p++, 0);
    sqlite3_bind_blob64(s, p++, assessments[place], 16, SQLITE_STATIC);
    sqlite3_bind_int64(s, p++, 1);
    sqlite3_bind_null(s, p++);
    sqlite3_bind_int64(s, p++, scorer);
    if (scorer == 1) {
        sqlite3_bind_int64(s, p++, 4);
        sqlite3_bind_text64(s, p++, row % 3 ? "no" : "yes", row % 3 ? 2 : 3, SQLITE_STATIC, SQLITE_UTF8);
        sqlite3_bind_text64(s, p++, why, sizeof why - 1, SQLITE_STATIC, SQLITE_UTF8);
    } else if (scorer == 2) {
        sqlite3_bind_int64(s, p++, 3);
        sqlite3_bind_double(s, p++, row % 1000 / 1000.0);
        sqlite3_bind_null(s, p++);
    } else {
        sqlite3_bind_int64(s, p++, 1);
        sqlite3_bind_int64(s, p++, row % 2 == 0);
        sqlite3_bind_null(s, p++);
    }
    sqlite3_bind_null(s, p++);
    sqlite3_bind_null(s, p++);
    sqlite3_bind_int64(s, p++, scorer);
    sqlite3_bind_null(s, p++);
    sqlite3_bind_int64(s, p++, 1800000000000);
    return p;
}

/* Inserts count rows of a table in as few statements as there are sizes for. */
static void insert(int table, int chunk, int count, int (*bind)(sqlite3_stmt *, int, int, int)) {
    int place = 0;
    for (int size = 0; size < SIZES; size++) {
        sqlite3_stmt *s = inserts[table][size].statement;
        while (count - place >= inserts[table][size].rows) {
            int p = 1;
            for (int i = 0; i < inserts[table][size].rows; i++) p = bind(s, p, chunk, place++);
            check(sqlite3_step(s), sqlite3_sql(s));
            sqlite3_reset(s);
        }
    }
}

int main(int argc, char **argv) {
    if (argc != 5) { fprintf(stderr, "floor DATABASE SCHEMA STATEMENTS ROWS\n"); return 2; }
    check(sqlite3_open_v2(argv[1], &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, 0), "open");
    check(sqlite3_exec(db, read_file(argv[2]), 0, 0, 0), "schema");
    check(sqlite3_exec(db, "INSERT INTO runs (id, public_id, experiment, name, status, started, heartbeat, owner_pid,"
                           " owner_boot, owner_start, machine, host_version, data_source, configuration_digest,"
                           " configuration, notes) VALUES (1, x'00', 0, 'floor', 'RUNNING', 0, 0, 0, '', 0, '', '', '',"
                           " x'00', '{}', '[]')", 0, 0, 0), "run");
    char *sql = read_file(argv[3]);
    for (int i = 0; i < TABLES * SIZES; i++) {
        sqlite3_stmt **statement = &inserts[i / SIZES][i % SIZES].statement;
        inserts[i / SIZES][i % SIZES].rows = strtol(sql, &sql, 10);
        char *end = strchr(sql, '\n');
        check(sqlite3_prepare_v3(db, sql, (int)(end - sql), SQLITE_PREPARE_PERSISTENT, statement, 0), "prepare");
        sql = end + 1;
    }
    sqlite3_stmt *progress;
    check(sqlite3_prepare_v2(db, "UPDATE runs SET rows = rows + ?, errors = errors + ?, heartbeat = ? WHERE id = ?", -1,
                             &progress, 0), "prepare");

    static char a[4096], b[4096];
    for (int i = 0; i < TEMPLATES; i++) {
        words(a, 30, i);
        words(b, 60, i + 100);
        sprintf(spans[i], "[{\"id\":1,\"name\":\"row\",\"type\":\"CHAIN\",\"start\":1800000000000000000,"
                          "\"inputs\":{\"question\":\"%s\"},\"outputs\":\"%s\"}]", a, b);
        words(a, 60, i + 200);
        sprintf(expectations[i], "{\"expected_response\":\"%s\"}", a);
    }
    int rows = atoi(argv[4]);
    double slowest = 0, start = seconds(CLOCK_MONOTONIC), computed = seconds(CLOCK_PROCESS_CPUTIME_ID);
    for (int begin = 0; begin < rows; begin += BATCH) {
        double batch = seconds(CLOCK_MONOTONIC);
        int end = begin + BATCH < rows ? begin + BATCH : rows;
        check(sqlite3_exec(db, "BEGIN IMMEDIATE", 0, 0, 0), "begin");
        for (int chunk = begin; chunk < end; chunk += CHUNK) {
            int count = end - chunk < CHUNK ? end - chunk : CHUNK;
            insert(0, chunk, count, bind_trace);
            insert(1, chunk, count, bind_row);
            insert(2, chunk, count * SCORERS, bind_assessment);
        }
        sqlite3_bind_int64(progress, 1, end - begin);
        sqlite3_bind_int64(progress, 2, 0);
        sqlite3_bind_int64(progress, 3, 1800000000000);
        sqlite3_bind_int64(progress, 4, 1);
        check(sqlite3_step(progress), "progress");
        sqlite3_reset(progress);
        check(sqlite3_exec(db, "COMMIT", 0, 0, 0), "commit");
        double took = seconds(CLOCK_MONOTONIC) - batch;
        if (took > slowest) slowest = took;
    }
    double took = seconds(CLOCK_MONOTONIC) - start;
    computed = seconds(CLOCK_PROCESS_CPUTIME_ID) - computed;
    printf("floor: %d rows in %.3f s (CPU %.3f s), %.0f rows/s, slowest %.3f s\n", rows, took, computed, rows / took,
           slowest);
    for (int i = 0; i < TABLES * SIZES; i++) sqlite3_finalize(inserts[i / SIZES][i % SIZES].statement);
    sqlite3_finalize(progress);
    return sqlite3_close(db);
}
