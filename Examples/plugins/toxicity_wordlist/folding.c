/* folding.c: see folding.h. */
#include "folding.h"

/* The scalar at `at` of valid UTF-8, and its size in bytes. */
static uint32_t scalar_at(const char *text, size_t size, size_t at, size_t *length) {
    const unsigned char *bytes = (const unsigned char *)text + at;
    uint32_t scalar = bytes[0];
    *length = scalar < 0x80 ? 1 : scalar < 0xE0 ? 2 : scalar < 0xF0 ? 3 : 4;
    if (*length == 1) return scalar;
    if (*length > size - at) {
        *length = size - at;
        return 0xFFFD;
    }
    scalar &= 0x7Fu >> *length;
    for (size_t next = 1; next < *length; next++) scalar = scalar << 6 | (bytes[next] & 0x3Fu);
    return scalar;
}

static int kind_of(uint32_t scalar) {
    size_t low = 0, high = letter_range_count;
    if (scalar < 0x80) {
        uint32_t folded = scalar | 0x20;
        return (folded >= 'a' && folded <= 'z') || (scalar >= '0' && scalar <= '9') ? LETTER : OTHER;
    }
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (scalar > letter_ranges[middle].last) low = middle + 1;
        else if (scalar < letter_ranges[middle].first) high = middle;
        else return letter_ranges[middle].kind;
    }
    return OTHER;
}

static int is_space(uint32_t scalar) {
    return scalar == ' ' || (scalar >= 9 && scalar <= 13) || scalar == 0x85 || scalar == 0xA0 || scalar == 0x1680 ||
           (scalar >= 0x2000 && scalar <= 0x200A) || scalar == 0x2028 || scalar == 0x2029 || scalar == 0x202F ||
           scalar == 0x205F || scalar == 0x3000;
}

/* Soft hyphen, joiners, word joiner, byte order mark: nobody sees them, and they hide words from lists. */
static int is_invisible(uint32_t scalar) {
    return scalar == 0xAD || (scalar >= 0x200B && scalar <= 0x200D) || scalar == 0x2060 || scalar == 0xFEFF;
}

size_t fold(const char *text, size_t size, char *to) {
    size_t count = 0, length;
    for (size_t at = 0; at < size; at += length) {
        uint32_t scalar = scalar_at(text, size, at, &length);
        if (is_invisible(scalar)) continue;
        if (is_space(scalar)) {
            if (count > 0 && to[count - 1] != ' ') to[count++] = ' ';
        } else if (scalar >= 'A' && scalar <= 'Z') {
            to[count++] = (char)(scalar + ('a' - 'A'));
        } else if (scalar >= 0xC0 && scalar <= 0xDE && scalar != 0xD7) { /* in UTF-8, too, 32 bytes apart */
            to[count++] = text[at];
            to[count++] = (char)((unsigned char)text[at + 1] + 0x20);
        } else {
            for (size_t each = 0; each < length; each++) to[count++] = text[at + each];
        }
    }
    while (count > 0 && to[count - 1] == ' ') count--;
    return count;
}

int is_boundary(const char *folded, size_t size, size_t at) {
    size_t before = at, length;
    int left, right;
    if (at == 0 || at >= size) return 1;
    do before--;
    while (before > 0 && ((unsigned char)folded[before] & 0xC0) == 0x80);
    left = kind_of(scalar_at(folded, size, before, &length));
    right = kind_of(scalar_at(folded, size, at, &length));
    return left != LETTER || right != LETTER;
}

static int is_joint(uint32_t scalar) { return scalar == '\'' || scalar == 0x2019 || scalar == '-' || scalar == 0x2011; }

size_t count_words(const char *folded, size_t size) {
    size_t words = 0, length;
    int was_letter = 0, was_joint = 0; /* was_joint: one that follows a letter */
    for (size_t at = 0; at < size; at += length) {
        uint32_t scalar = scalar_at(folded, size, at, &length);
        int kind = kind_of(scalar);
        if (kind == ALONE || (kind == LETTER && !was_letter && !was_joint)) words++;
        was_joint = was_letter && is_joint(scalar);
        was_letter = kind == LETTER;
    }
    return words;
}

int is_utf8(const char *text, size_t size) {
    for (size_t at = 0, length; at < size; at += length) {
        static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
        unsigned char lead = (unsigned char)text[at];
        uint32_t scalar;
        if (lead >= 0x80 && (lead < 0xC2 || lead > 0xF4)) return 0;
        length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
        if (length > size - at) return 0;
        for (size_t next = 1; next < length; next++)
            if (((unsigned char)text[at + next] & 0xC0) != 0x80) return 0;
        scalar = scalar_at(text, size, at, &length);
        if (scalar < least[length] || scalar > 0x10FFFF || (scalar >= 0xD800 && scalar < 0xE000)) return 0;
    }
    return 1;
}
