// keywords.cpp: reads an array of texts, and searches.
#include "keywords.hpp"

#include <cstdint>
#include <stdexcept>

namespace {

[[noreturn]] void refuse() { throw std::runtime_error("the expected keywords are no array of texts"); }

// Reads JSON that the host has checked: what isn't an array of texts throws, what is broken too.
class Reader {
  public:
    explicit Reader(const std::string &json) : at(json.begin()), end(json.end()) {}

    std::vector<std::string> texts() {
        std::vector<std::string> texts;
        expect('[');
        if (next() == ']') return texts;
        do {
            texts.push_back(text());
        } while (next_is(','));
        expect(']');
        return texts;
    }

  private:
    char next() {
        while (at != end && (*at == ' ' || *at == '\t' || *at == '\n' || *at == '\r')) ++at;
        return at == end ? '\0' : *at;
    }
    bool next_is(char character) {
        if (next() != character || at == end) return false;
        ++at;
        return true;
    }
    void expect(char character) {
        if (!next_is(character)) refuse();
    }
    char take() {
        if (at == end) refuse();
        return *at++;
    }

    std::string text() {
        std::string text;
        expect('"');
        for (char c = take(); c != '"'; c = take()) {
            if (c != '\\') {
                text += c;
                continue;
            }
            switch (c = take()) {
            case 'n': text += '\n'; break;
            case 't': text += '\t'; break;
            case 'r': text += '\r'; break;
            case 'b': text += '\b'; break;
            case 'f': text += '\f'; break;
            case 'u': append(text, scalar()); break;
            default: text += c;
            }
        }
        return text;
    }

    uint32_t unit() {
        uint32_t unit = 0;
        for (int digit = 0; digit < 4; digit++) {
            const char c = take();
            if (c >= '0' && c <= '9') unit = unit << 4 | static_cast<uint32_t>(c - '0');
            else if (c >= 'a' && c <= 'f') unit = unit << 4 | static_cast<uint32_t>(c - 'a' + 10);
            else if (c >= 'A' && c <= 'F') unit = unit << 4 | static_cast<uint32_t>(c - 'A' + 10);
            else refuse();
        }
        return unit;
    }

    uint32_t scalar() {
        const uint32_t first = unit();
        if (first < 0xD800 || first > 0xDFFF) return first;
        if (first > 0xDBFF || take() != '\\' || take() != 'u') refuse();
        const uint32_t second = unit();
        if (second < 0xDC00 || second > 0xDFFF) refuse();
        return 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
    }

    static void append(std::string &text, uint32_t scalar) {
        if (scalar < 0x80) {
            text += static_cast<char>(scalar);
            return;
        }
        const int continuing = scalar < 0x800 ? 1 : scalar < 0x10000 ? 2 : 3;
        static const uint32_t lead[] = {0, 0xC0, 0xE0, 0xF0};
        text += static_cast<char>(lead[continuing] | scalar >> (6 * continuing));
        for (int each = continuing - 1; each >= 0; each--) {
            text += static_cast<char>(0x80 | (scalar >> (6 * each) & 63));
        }
    }

    std::string::const_iterator at, end;
};

bool is_part_of_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80;
}

}  // namespace

std::vector<std::string> keywords_of(const std::string &json) { return Reader(json).texts(); }

std::string folded(const std::string &text, bool ignores_case) {
    std::string folded;
    folded.reserve(text.size());
    for (char c : text) {
        const bool is_space = c == ' ' || c == '\t' || c == '\n' || c == '\r';
        if (is_space && (folded.empty() || folded.back() == ' ')) continue;
        folded += is_space ? ' ' : ignores_case && c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
    }
    if (!folded.empty() && folded.back() == ' ') folded.pop_back();
    return folded;
}

bool has_keyword(const std::string &text, const std::string &keyword, bool whole_words) {
    for (size_t at = text.find(keyword); at != std::string::npos; at = text.find(keyword, at + 1)) {
        if (!whole_words) return true;
        const size_t end = at + keyword.size();
        const bool begins = at == 0 || !is_part_of_word(text[at - 1]) || !is_part_of_word(keyword.front());
        const bool ends = end == text.size() || !is_part_of_word(text[end]) || !is_part_of_word(keyword.back());
        if (begins && ends) return true;
    }
    return false;
}
