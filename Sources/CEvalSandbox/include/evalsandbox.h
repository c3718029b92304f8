/* evalsandbox.h: what Linux offers and Swift can't import, for the rooms that load plugins. */
#ifndef EVALSANDBOX_H
#define EVALSANDBOX_H

#include <stddef.h>

/*
 * Copies `descriptor`, a regular file of `size` bytes, into memory that nobody can change any more, and returns a
 * descriptor of that: a memfd sealed against writing, growing, shrinking and further seals. Returns -errno if it can't,
 * -EIO if the file has become shorter meanwhile.
 */
int ceval_sealed_copy(int descriptor, const char *name, size_t size);

/* RTLD_NODELETE, which <dlfcn.h> may hide. */
int ceval_rtld_nodelete(void);

#endif
