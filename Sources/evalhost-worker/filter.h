/* filter.h: a seccomp filter, written rule by rule. The first rule that fits a system call decides. */
#ifndef EVALHOST_WORKER_FILTER_H
#define EVALHOST_WORKER_FILTER_H

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>

#pragma GCC visibility push(hidden)

#define ALLOW SECCOMP_RET_ALLOW
#define REFUSE SECCOMP_RET_TRAP /* recorded with the row; the call fails with EPERM */
#define FAIL(error) (SECCOMP_RET_ERRNO | (uint32_t)(error))

#define FILTER_MAX_INSTRUCTIONS 2048

typedef struct filter {
    struct sock_filter code[FILTER_MAX_INSTRUCTIONS];
    unsigned short count;
    int is_full;
} filter;

void filter_begin(filter *it);
/* These calls, whatever their arguments are. */
void filter_calls(filter *it, uint32_t action, const int *calls, size_t count);
#define CALLS(it, action, ...)                                                                                         \
    filter_calls(it, action, (const int[]){__VA_ARGS__}, sizeof((const int[]){__VA_ARGS__}) / sizeof(int))
/*
 * This call, if the bits `mask` of an argument are `value`. Only the lower 32 bits are looked at, for arguments of which
 * the kernel looks at no more either: int, unsigned, flags.
 */
void filter_if(filter *it, int call, int argument, uint32_t mask, uint32_t value, uint32_t action);
/* This call, if an argument of 64 bits is null. */
void filter_if_null(filter *it, int call, int argument, uint32_t action);
/* This call, if the bits of two arguments are so. */
void filter_if_both(filter *it, int call, int first, uint32_t first_mask, uint32_t first_value, int second,
                    uint32_t second_mask, uint32_t second_value, uint32_t action);
/* This call, if argument `first` is `value` and `second`, of 64 bits, is null. */
void filter_if_and_null(filter *it, int call, int first, uint32_t value, int second, uint32_t action);
void filter_end(filter *it, uint32_t action);

/* calls.c: all rules. */
void calls_write(filter *it);

#pragma GCC visibility pop

#endif
