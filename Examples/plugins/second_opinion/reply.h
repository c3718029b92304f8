/* reply.h: the texts of a judge's reply. The host has checked it against the schema, so this reads JSON, and no more. */
#ifndef REPLY_H
#define REPLY_H

#include <evalhost/scorer.h>

#define REPLY_NONE UINT64_MAX

/*
 * The text of a member of the object `json`, unescaped, with a NUL behind it. Returns its size without the NUL;
 * REPLY_NONE if there is no such member, it is no text, or `room` is too small.
 */
uint64_t reply_text(evalhost_text json, const char *key, char *to, size_t room);

#endif
