/* record_spoiled.c: answers, then overwrites the record and the fields that it got. */
#include "hostile.h"

static evalhost_status score(void *self, const evalhost_record *row, const evalhost_sink *out) {
    evalhost_status status = hostile_plain(row, out);
    (void)self;
    if (hostile_is_now(row)) {
        memset((void *)(uintptr_t)row->fields, 0xFF, row->field_count * sizeof *row->fields);
        memset((void *)(uintptr_t)row, 0xFF, sizeof *row);
    }
    return status;
}
HOSTILE(record_spoiled, .score = score)
