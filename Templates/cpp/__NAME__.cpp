// __NAME__.cpp: whether the answer contains the expected response. Put your own measure in its place.
//
// What may be declared and answered stands in <evalhost/scorer.hpp> and, in full, in <evalhost/scorer.h>: both lie in
// Vendor/EvalHostSDK/CEvalHost/include/evalhost.
#include <evalhost/scorer.hpp>

#include <string>

namespace {

enum { IGNORE_CASE, SETTINGS };

class __TYPE__ {
  public:
    // Called once for each use in a suite, with the settings in the declared order, validated. What is thrown refuses them.
    explicit __TYPE__(const evalhost_setup &setup) : ignores_case(setup.settings[IGNORE_CASE].integer != 0) {}

    // Called for each row, with the fields in the order of `reads`. Missing ones never get here, unless marked by `?`.
    // What is thrown is the row's error.
    evalhost_status score(const evalhost_record &row, const evalhost_sink &out) const {
        const std::string answer = folded(row.fields[0].text), expected = folded(row.fields[1].text);
        if (expected.empty()) return evalhost_skip(&out, "the expected response is empty");
        return evalhost_boolean(&out, answer.find(expected) != std::string::npos);
    }

  private:
    std::string folded(evalhost_text text) const {
        std::string copy = evalhost::string(text);
        for (char &byte : copy) {
            if (ignores_case && byte >= 'A' && byte <= 'Z') byte = static_cast<char>(byte + ('a' - 'A'));
        }
        return copy;
    }

    const bool ignores_case;
};

evalhost_scorer declared() {
    static const evalhost_setting settings[SETTINGS] = {
        evalhost::setting("ignore_case", EVALHOST_KIND_BOOLEAN, "false", "Compare A to Z and a to z as equal."),
    };
    evalhost_scorer scorer =
        evalhost::scorer<__TYPE__>("__NAME__", "outputs, expectations.expected_response", evalhost::boolean());
    scorer.help = "Whether the answer contains the expected response.";
    scorer.flags = EVALHOST_DETERMINISTIC;
    scorer.settings = settings;
    scorer.setting_count = SETTINGS;
    return scorer;
}

}  // namespace

EVALHOST_CPP_PLUGIN("__NAME__", "0.1.0", declared())
