/* json.h: whether a text is JSON. */
#ifndef JSON_H
#define JSON_H

#include <stddef.h>

/* Null if it is one JSON value as RFC 8259 defines it, else what is wrong and, in *at, where. */
const char *json_problem(const char *text, size_t size, size_t *at);

#endif
