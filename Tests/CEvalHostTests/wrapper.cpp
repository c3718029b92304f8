// The C++ wrapper as an author uses it, with a scorer that throws.
#include <evalhost/scorer.hpp>

struct Similarity {
    explicit Similarity(const evalhost_setup &setup) : ignore_case(setup.settings[0].integer != 0) {
        if (setup.setting_count != 1) throw evalhost::rejection(0, "one setting expected");
    }
    evalhost_status score(const evalhost_record &row, const evalhost_sink &out) {
        std::string answer = evalhost::string(row.fields[0].text);
        if (answer.empty()) throw std::runtime_error("nothing to compare");
        evalhost_value value = evalhost_value_of_number(ignore_case ? 1 : 0);
        value.rationale = evalhost::text(answer);
        return evalhost_put(&out, 0, &value);
    }
    bool ignore_case;
};

static evalhost_scorer similarity() {
    static const evalhost_setting settings[] = {
        evalhost::setting("ignore_case", EVALHOST_KIND_BOOLEAN, "false", "Compare without regard to ASCII case.")};
    evalhost_scorer scorer = evalhost::scorer<Similarity>("similarity", "outputs", evalhost::number(0, 1));
    scorer.settings = settings;
    scorer.setting_count = 1;
    return scorer;
}
EVALHOST_CPP_PLUGIN("similarity", "1.0.0", similarity())
