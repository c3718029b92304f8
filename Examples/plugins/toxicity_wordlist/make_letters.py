#!/usr/bin/env python3
"""Writes letters.c: which characters belong to words, by Unicode's general categories. Usage: ./make_letters.py > letters.c"""
import sys
import unicodedata

ALONE = ("CJK UNIFIED", "CJK COMPATIBILITY IDEOGRAPH", "HIRAGANA LETTER", "KATAKANA LETTER")


def kind(scalar):
    """0 is no letter, 1 a part of words, 2 a word by itself, None unassigned or private."""
    character = chr(scalar)
    category = unicodedata.category(character)
    if category in ("Cn", "Co", "Cs"):
        return None
    if unicodedata.name(character, "").startswith(ALONE):
        return 2
    return 1 if category[0] in "LMN" else 0


ranges = []
for scalar in range(0x80, 0x30000):
    found = kind(scalar)
    if found is None:  # what has no meaning yet is counted with its neighbours, which makes the table shorter
        continue
    if found == 0:
        if ranges:
            ranges[-1][3] = False
    elif ranges and ranges[-1][2] == found and ranges[-1][3]:
        ranges[-1][1] = scalar
    else:
        if ranges:
            ranges[-1][3] = False
        ranges.append([scalar, scalar, found, True])

print(f"""/*
 * letters.c: the characters beyond ASCII that belong to words, of Unicode {unicodedata.unidata_version}. Made by make_letters.py.
 *
 * Letters, marks and digits are parts of words; ideographs and kana are words by themselves.
 */
#include "folding.h"

const letter_range letter_ranges[] = {{""")
line = "   "
for first, last, found, _ in ranges:
    item = f" {{0x{first:X}, 0x{last:X}, {'ALONE' if found == 2 else 'LETTER'}}},"
    if len(line) + len(item) > 118:
        print(line)
        line = "   "
    line += item
print(line)
print("};\nconst size_t letter_range_count = sizeof letter_ranges / sizeof letter_ranges[0];")
print(len(ranges), "ranges", file=sys.stderr)
