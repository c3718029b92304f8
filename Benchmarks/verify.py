#!/usr/bin/env python3
"""Checks every scored row on standard input against the rows of a file: bytes, order and values. Usage: verify.py ROWS"""
import json
import sys

count = 0
with open(sys.argv[1], encoding="utf-8") as source:
    for given, scored in zip(source, sys.stdin, strict=True):
        given = given.rstrip("\n")
        assert scored.startswith(given[:-1] + ',"feedback":{'), count
        row, feedback = json.loads(given), json.loads(scored)["feedback"]
        answer, expected = row["outputs"], row["expectations"]["expected_response"]
        assert feedback["exact_match"]["value"] is (answer == expected), count
        assert feedback["contains"]["value"] is ("battery" in answer), count
        assert feedback["response_length"]["value"] == ("yes" if len(answer) <= 600 else "no"), count
        count += 1
print(f"verified {count} rows")
