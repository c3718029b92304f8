#!/usr/bin/env python3
"""Rows of 1.1 KB for benchmarks: a question of 30 words, an answer and an expectation of 60. Usage: rows.py COUNT"""
import random
import sys

WORDS = ("battery charge display range warranty return order delivery address invoice refund motor brake light "
         "helmet service workshop appointment account password update firmware sensor cable frame saddle pedal "
         "chain gear tyre pressure winter storage travel insurance theft police serial number manual support").split()


def sentence(rng: random.Random, count: int) -> str:
    return " ".join(rng.choice(WORDS) for _ in range(count))


def main() -> None:
    rng = random.Random(7)
    out = sys.stdout
    for index in range(int(sys.argv[1])):
        answer = sentence(rng, 60)
        expected = answer if index % 2 == 0 else sentence(rng, 60)
        out.write(f'{{"inputs":{{"question":"{sentence(rng, 30)} {index}"}},"outputs":"{answer}",'
                  f'"expectations":{{"expected_response":"{expected}"}}}}\n')


main()
