/* evalsandbox.h: what Linux offers and Swift can't import, for the rooms that load plugins. */
#ifndef EVALSANDBOX_H
#define EVALSANDBOX_H

#include <stddef.h>
#include <stdint.h>

/*
 * Copies `descriptor`, a regular file of `size` bytes, into memory that nobody can change any more, and returns a
 * descriptor of that: a memfd sealed against writing, growing, shrinking and further seals. Returns -errno if it can't,
 * -EIO if the file has become shorter meanwhile.
 */
int ceval_sealed_copy(int descriptor, const char *name, size_t size);

/* RTLD_NODELETE, which <dlfcn.h> may hide. */
int ceval_rtld_nodelete(void);

/* A memfd that can be sealed, and is no program; -1 with errno. */
int ceval_memory(const char *name);

/*
 * Memory that two processes share: a memfd of `size` bytes that can neither grow nor shrink, mapped here for reading and
 * writing. With `is_ours` nobody can map it for writing any more, whoever gets the descriptor. Returns the descriptor
 * and stores the mapping, or returns -errno.
 */
int ceval_shared_memory(const char *name, uint64_t size, int is_ours, void **mapping);

/* Gives the memory behind a part of it back to the system; it reads as zeros then. */
void ceval_discard(int descriptor, uint64_t offset, uint64_t size);

/* An eventfd that never blocks, a pidfd, a pipe, and a pair of connected sockets of packets; -errno if there is none. */
int ceval_eventfd(void);
int ceval_pidfd(int pid);
int ceval_pipe(int ends[2]);
int ceval_packet_pair(int pair[2]);

/* Starts a program with `count` descriptors as 0, 1, 2, …, and no others. Returns the pid, or -errno. */
int ceval_spawn(const char *path, char *const argv[], char *const environment[], const int *descriptors, int count);

/* How a child changed since the last look. */
#define CEVAL_CHILD_SAME 0
#define CEVAL_CHILD_EXITED 1  /* *value is the status */
#define CEVAL_CHILD_KILLED 2  /* *value is the signal */
#define CEVAL_CHILD_STOPPED 3 /* *value is the signal */
int ceval_look(int pid, int *value);

/* Wakes who waits on a word of shared memory. */
void ceval_futex_wake(const uint32_t *word);

/* Words that another process writes or reads at the same time. */
uint32_t ceval_load(const uint32_t *word);
void ceval_store(uint32_t *word, uint32_t value);

/* Whether the kernel has Landlock: its ABI, or 0. */
int ceval_landlock_abi(void);

/* The name of a system call that sandboxes refuse. */
const char *ceval_call_name(int number);

/* Lets no other process of the same user look into this one. */
void ceval_hide_process(void);

#endif
