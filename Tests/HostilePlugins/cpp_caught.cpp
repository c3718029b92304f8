// cpp_caught.cpp: an exception that leaves a scorer's class; the wrapper makes it the row's error.
#include "hostile.h"

#include <evalhost/scorer.hpp>
#include <stdexcept>

struct Thrower {
    explicit Thrower(const evalhost_setup &) {}
    evalhost_status score(const evalhost_record &row, const evalhost_sink &out) {
        if (hostile_is_now(&row)) throw std::out_of_range("the wrapper catches this");
        return hostile_plain(&row, &out);
    }
};
EVALHOST_CPP_PLUGIN("cpp_caught", "1.0.0",
                    evalhost::scorer<Thrower>("cpp_caught", "inputs.do?, outputs", evalhost::number(0, 1000)))
