// The C header on its own in C++; each language mode compiles it.
#include <evalhost/ext/assets.h>
#include <evalhost/ext/draft/batch.h>
#include <evalhost/ext/judge.h>
#include <evalhost/ext/log.h>
#include <evalhost/ext/session.h>
#include <evalhost/scorer.h>

evalhost_status use(const evalhost_sink *out);
evalhost_status use(const evalhost_sink *out) { return evalhost_number(out, 1); }
