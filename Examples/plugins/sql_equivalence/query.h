/* query.h: SQL as text: where a model's answer has it, and whether it asks for an order. */
#ifndef QUERY_H
#define QUERY_H

#include <stddef.h>

/* The query in an answer: what the first fenced block has, or all of it. Returns its beginning. */
const char *query_in(const char *text, size_t size, size_t *query_size);

/* Whether it has an ORDER BY outside of all parentheses. */
int query_is_ordered(const char *sql, size_t size);

/* Whether there is nothing but white space, comments and semicolons. */
int query_is_empty(const char *sql, size_t size);

#endif
