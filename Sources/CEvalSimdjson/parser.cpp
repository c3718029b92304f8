#include "ceval_simdjson.h"

#include <cstring>
#include <new>
#include <simdjson.h>

struct ceval_json_parser {
    simdjson::dom::parser parser;
    explicit ceval_json_parser(size_t max_document) : parser(max_document) {}
};

static_assert(CEVAL_JSON_PADDING >= simdjson::SIMDJSON_PADDING, "the padding that callers are told is too small");

extern "C" ceval_json_parser *ceval_json_parser_create(size_t max_document) {
    return new (std::nothrow) ceval_json_parser(max_document);
}

extern "C" void ceval_json_parser_destroy(ceval_json_parser *parser) { delete parser; }

/* The DOM doesn't say how much of its string buffer it used: strings are laid down in document order, so the end of
 * the last one is the size. Numbers take two words, the second of which may look like anything. */
static size_t used_string_bytes(const uint64_t *words, size_t count, const uint8_t *strings) {
    const uint64_t payload_mask = (uint64_t(1) << 56) - 1;
    bool found = false;
    uint64_t last = 0;
    for (size_t i = 1; i < count; i++) {
        switch (words[i] >> 56) {
        case '"': last = words[i] & payload_mask; found = true; break;
        case 'l': case 'u': case 'd': i++; break;
        default: break;
        }
    }
    if (!found) return 0;
    uint32_t length;
    std::memcpy(&length, strings + last, sizeof length);
    return size_t(last) + sizeof length + length + 1;
}

extern "C" int ceval_json_parse(ceval_json_parser *self, const uint8_t *data, size_t length, ceval_json_tape *tape) {
    simdjson::dom::element root;
    auto error = self->parser.parse(data, length, false).get(root);
    if (error) return int(error);
    tape->words = self->parser.doc.tape.get();
    tape->word_count = size_t(tape->words[0] & ((uint64_t(1) << 56) - 1));
    tape->strings = self->parser.doc.string_buf.get();
    tape->string_bytes = used_string_bytes(tape->words, tape->word_count, tape->strings);
    return 0;
}

extern "C" bool ceval_utf8_is_valid(const uint8_t *data, size_t length) {
    return simdjson::validate_utf8(reinterpret_cast<const char *>(data), length);
}

extern "C" const char *ceval_json_error_message(int code) {
    return simdjson::error_message(simdjson::error_code(code));
}
