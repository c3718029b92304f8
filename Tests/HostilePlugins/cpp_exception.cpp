// cpp_exception.cpp: an exception that nobody catches leaves score. SIGABRT.
#include "hostile.h"

#include <evalhost/scorer.hpp>
#include <stdexcept>

HOSTILE_FRAME void fail() { throw std::runtime_error("nobody catches this"); }

struct Thrower {
    explicit Thrower(const evalhost_setup &) {}
    evalhost_status score(const evalhost_record &row, const evalhost_sink &out) { return hostile_plain(&row, &out); }
};
static evalhost_status score(void *, const evalhost_record *row, const evalhost_sink *out) {
    if (hostile_is_now(row)) fail();
    return hostile_plain(row, out);
}
static evalhost_scorer cpp_exception() {
    evalhost_scorer made =
        evalhost::scorer<Thrower>("cpp_exception", "inputs.do?, outputs", evalhost::number(0, 1000));
    made.score = score;  // not the wrapper's, which catches
    return made;
}
EVALHOST_CPP_PLUGIN("cpp_exception", "1.0.0", cpp_exception())
