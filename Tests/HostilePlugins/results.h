/* results.h: for those who overwrite what the worker answers. Finds the answers' memory by the worker's descriptor. */
#ifndef HOSTILE_RESULTS_H
#define HOSTILE_RESULTS_H

#include "hostile.h"

#include <evaltransport.h>
#include <sys/mman.h>
#include <sys/stat.h>

/* A second mapping of the answers, the whole of them; null if there is none (outside of a worker). */
static inline unsigned char *hostile_results(size_t *size) {
    struct stat status;
    void *memory;
    *size = 0;
    if (fstat(HOSTILE_RESULTS, &status) != 0 || status.st_size < (off_t)CEVAL_DATA_OFFSET) return NULL;
    memory = mmap(NULL, (size_t)status.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, HOSTILE_RESULTS, 0);
    if (memory == MAP_FAILED) return NULL;
    *size = (size_t)status.st_size;
    return (unsigned char *)memory;
}

#endif
