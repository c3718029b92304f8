/* fails: C51 */
/* leaks_instances.c: frees its instance, and not what that has. */
#include "faulty.h"
typedef struct instance {
    char *table;
} instance;

static evalhost_status create(const evalhost_setup *setup, void **self) {
    instance *made = malloc(sizeof *made);
    if (!made) return evalhost_reject(setup, -1, "out of memory");
    made->table = calloc(1, 4000);
    *self = made;
    return EVALHOST_OK;
}

static void destroy(void *self) { free(self); }

FAULTY_PLAIN_SCORE
FAULTY_SCORER(leaks_instances, .create = create, .score = score, .destroy = destroy)
