/* rows_written.c: writes to the row that it got, which it may only read. SIGSEGV. */
#include "hostile.h"

HOSTILE_FRAME void write_row(const evalhost_record *row) {
    volatile char *text = (volatile char *)(uintptr_t)row->fields[1].text.data;
    *text = 'X';
}
static evalhost_status score(void *self, const evalhost_record *row, const evalhost_sink *out) {
    (void)self;
    if (hostile_is_now(row)) write_row(row);
    return hostile_plain(row, out);
}
HOSTILE(rows_written, .score = score)
