// cpp_no_memory.cpp: takes memory by `new` until that throws, and nobody catches it. SIGABRT, out of want of memory.
#include "hostile.h"

#include <evalhost/scorer.hpp>

HOSTILE_FRAME void take_all() {
    for (int block = 0; block < 100000; block++) {
        volatile char *volatile bytes = new char[100000];
        bytes[0] = 1;
    }
}

struct Taker {
    explicit Taker(const evalhost_setup &) {}
    evalhost_status score(const evalhost_record &row, const evalhost_sink &out) { return hostile_plain(&row, &out); }
};
static evalhost_status score(void *, const evalhost_record *row, const evalhost_sink *out) {
    if (hostile_is_now(row)) take_all();
    return hostile_plain(row, out);
}
static evalhost_scorer cpp_no_memory() {
    evalhost_scorer made = evalhost::scorer<Taker>("cpp_no_memory", "inputs.do?, outputs", evalhost::number(0, 1000));
    made.score = score;
    return made;
}
EVALHOST_CPP_PLUGIN("cpp_no_memory", "1.0.0", cpp_no_memory())
