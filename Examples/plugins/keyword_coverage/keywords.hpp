// keywords.hpp: a list of keywords as JSON, and whether a text has one.
#ifndef KEYWORDS_HPP
#define KEYWORDS_HPP

#include <string>
#include <vector>

// The texts of a JSON array such as ["refund","14 days"]. Throws std::runtime_error for anything else.
std::vector<std::string> keywords_of(const std::string &json);

// The text with A to Z as a to z, and each run of spaces and line breaks as one space.
std::string folded(const std::string &text, bool ignores_case);

// Whether a text has a keyword as words of its own: "art" isn't in "start". Both are folded. Letters beyond ASCII count
// as parts of words, so in scripts without spaces between words ask for any place instead.
bool has_keyword(const std::string &text, const std::string &keyword, bool whole_words);

#endif
