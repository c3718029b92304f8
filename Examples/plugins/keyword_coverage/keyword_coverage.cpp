// keyword_coverage.cpp: the scorer `keyword_coverage`, the share of the expected keywords that an answer has.
//
// The keywords stand in the row, as expectations.expected_keywords: ["refund", "14 days"]. A keyword that stands twice
// counts once, an empty one not at all; a row without keywords is skipped.
#include <evalhost/scorer.hpp>

#include <algorithm>

#include "keywords.hpp"

namespace {

enum { IGNORE_CASE, WHOLE_WORDS, SETTINGS };

class KeywordCoverage {
  public:
    explicit KeywordCoverage(const evalhost_setup &setup)
        : ignores_case(setup.settings[IGNORE_CASE].integer != 0),
          whole_words(setup.settings[WHOLE_WORDS].integer != 0) {}

    // What is thrown in here becomes the row's error.
    evalhost_status score(const evalhost_record &row, const evalhost_sink &out) const {
        std::vector<std::string> keywords = keywords_of(evalhost::string(row.fields[1].text));
        for (std::string &keyword : keywords) keyword = folded(keyword, ignores_case);
        std::sort(keywords.begin(), keywords.end());
        keywords.erase(std::unique(keywords.begin(), keywords.end()), keywords.end());
        if (!keywords.empty() && keywords.front().empty()) keywords.erase(keywords.begin());
        if (keywords.empty()) return evalhost_skip(&out, "no keywords are expected");

        const std::string answer = folded(evalhost::string(row.fields[0].text), ignores_case);
        std::string missing;
        size_t found = 0;
        for (const std::string &keyword : keywords) {
            if (has_keyword(answer, keyword, whole_words)) {
                found++;
            } else if (missing.size() < 1000) {
                missing += (missing.empty() ? "missing: " : ", ") + keyword.substr(0, 1000);
            }
        }
        const std::string reason = missing.empty() ? "all keywords are there" : missing;
        evalhost_value value =
            evalhost_value_of_number(static_cast<double>(found) / static_cast<double>(keywords.size()));
        value.rationale = evalhost::text(reason);
        return evalhost_put(&out, 0, &value);
    }

  private:
    const bool ignores_case, whole_words;
};

evalhost_scorer keyword_coverage() {
    static const evalhost_setting settings[SETTINGS] = {
        evalhost::setting("ignore_case", EVALHOST_KIND_BOOLEAN, "true", "Compare A to Z and a to z as equal."),
        evalhost::setting("whole_words", EVALHOST_KIND_BOOLEAN, "true", "A keyword within a word doesn't count."),
    };
    evalhost_scorer scorer = evalhost::scorer<KeywordCoverage>(
        "keyword_coverage", "outputs, expectations.expected_keywords:json", evalhost::number(0, 1));
    scorer.help = "The share of the expected keywords that an answer has.";
    scorer.direction = EVALHOST_HIGHER_IS_BETTER;
    scorer.flags = EVALHOST_DETERMINISTIC;
    scorer.settings = settings;
    scorer.setting_count = SETTINGS;
    return scorer;
}

}  // namespace

EVALHOST_CPP_LIBRARY(evalhost::about("keyword_coverage", "1.0.0").licence("Apache-2.0"), keyword_coverage())
