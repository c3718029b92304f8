/* rows_unprotected.c: asks to write to the rows before it does. */
#include "hostile.h"

#include <sys/mman.h>

static evalhost_status score(void *self, const evalhost_record *row, const evalhost_sink *out) {
    uintptr_t page = (uintptr_t)row->fields[1].text.data & ~(uintptr_t)4095;
    (void)self;
    if (!hostile_is_now(row)) return hostile_plain(row, out);
    if (mprotect((void *)page, 4096, PROT_READ | PROT_WRITE) != 0) return evalhost_number(out, errno);
    memset((void *)page, 'X', 4096);
    return evalhost_number(out, HOSTILE_GOT_THROUGH);
}
HOSTILE(rows_unprotected, .score = score)
