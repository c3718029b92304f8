/* sqlite.c: see sqlite.h. */
#include "sqlite.h"

#include <dlfcn.h>
#include <stddef.h>

int sqlite_load(sqlite *lib) {
    void *library = dlopen("libsqlite3.so.0", RTLD_NOW | RTLD_LOCAL);
    int found = library != NULL;
#define FIND(name)                                                                                                     \
    if (found) {                                                                                                       \
        *(void **)&lib->name = dlsym(library, "sqlite3_" #name);                                                       \
        found = lib->name != NULL;                                                                                     \
    }
    SQLITE_FUNCTIONS(FIND)
#undef FIND
    return found;
}
