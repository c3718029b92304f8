/* sqlite.h: the functions of SQLite that are used here, found when an instance is made. Their types are sqlite3.h's. */
#ifndef SQLITE_H
#define SQLITE_H

#include <sqlite3.h>

#define SQLITE_FUNCTIONS(EACH)                                                                                         \
    EACH(open_v2) EACH(close) EACH(exec) EACH(errmsg) EACH(db_config) EACH(limit) EACH(set_authorizer)                 \
    EACH(progress_handler) EACH(prepare_v2) EACH(step) EACH(finalize) EACH(stmt_readonly) EACH(stmt_isexplain)         \
    EACH(bind_parameter_count) EACH(column_count) EACH(column_type) EACH(column_int64) EACH(column_double)            \
    EACH(column_text) EACH(column_blob) EACH(column_bytes)

typedef struct sqlite {
#define MEMBER(name) __typeof__(&sqlite3_##name) name;
    SQLITE_FUNCTIONS(MEMBER)
#undef MEMBER
} sqlite;

/* Opens the library. 0: it isn't there, or too old. */
int sqlite_load(sqlite *lib);

#endif
