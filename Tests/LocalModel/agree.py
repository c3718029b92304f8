#!/usr/bin/env python3
"""Says how far a judge agrees with people: accuracy, Cohen's kappa, and how sure that is.

usage: evalhost … --format jsonl | agree.py JUDGE [--label NAME] [--above X] [--json]

The judge's values are yes and no, true and false, or with --above numbers of which those above X mean yes. NAME is the
people's label in `expectations`, `human_label` by default. Rows without a value or a label are counted and left out.
The accuracy has Wilson's 95 % interval, kappa a percentile bootstrap over rows (--resamples, --seed).
"""

from __future__ import annotations

import argparse
import json
import math
import random
import sys
from collections import Counter
from collections.abc import Iterable
from typing import Any

Pair = tuple[bool, bool]
Z95 = 1.959963984540054
WORDS = {"yes": True, "true": True, "no": False, "false": False}


def meaning(value: Any, above: float | None = None) -> bool | None:
    """Yes, no, or neither."""
    if isinstance(value, bool):
        return value
    if isinstance(value, (int, float)):
        return None if above is None else value > above
    return WORDS.get(value.lower()) if isinstance(value, str) else None


def pairs(lines: Iterable[str], judge: str, label: str, above: float | None) -> tuple[list[Pair], int]:
    """What the judge said and what people said of each row, and how many rows lack one of them."""
    found: list[Pair] = []
    left_out = 0
    for line in filter(str.strip, lines):
        row = json.loads(line)
        said = meaning(((row.get("feedback") or {}).get(judge) or {}).get("value"), above)
        human = meaning((row.get("expectations") or {}).get(label))
        if said is None or human is None:
            left_out += 1
        else:
            found.append((said, human))
    return found, left_out


def wilson(hits: int, count: int) -> tuple[float, float]:
    """Wilson's score interval of a share, 95 %."""
    share, square = hits / count, Z95 * Z95 / count
    middle = (share + square / 2) / (1 + square)
    reach = Z95 / (1 + square) * math.sqrt(share * (1 - share) / count + square / (4 * count))
    return max(0.0, middle - reach), min(1.0, middle + reach)


def kappa(counts: Counter[Pair]) -> float | None:
    """Cohen's kappa; none where chance alone would agree always."""
    count = sum(counts.values())
    agreed = (counts[True, True] + counts[False, False]) / count
    judge = (counts[True, True] + counts[True, False]) / count
    human = (counts[True, True] + counts[False, True]) / count
    chance = judge * human + (1 - judge) * (1 - human)
    return None if chance == 1 else (agreed - chance) / (1 - chance)


def bootstrap(found: list[Pair], resamples: int, seed: int) -> tuple[float, float] | None:
    """The 2.5th and the 97.5th percentile of kappa over samples of the rows; samples without a kappa are left out."""
    rng = random.Random(seed)
    values = sorted(
        value for _ in range(resamples)
        if (value := kappa(Counter(rng.choices(found, k=len(found))))) is not None
    )
    if not values:
        return None
    return values[int(0.025 * (len(values) - 1))], values[math.ceil(0.975 * (len(values) - 1))]


def agreement(found: list[Pair], resamples: int = 2000, seed: int = 0) -> dict[str, Any]:
    """All figures of a judge."""
    counts = Counter(found)
    hits = counts[True, True] + counts[False, False]
    people = counts[True, True] + counts[False, True]
    return {
        "rows": len(found), "both_yes": counts[True, True], "both_no": counts[False, False],
        "judge_yes_human_no": counts[True, False], "judge_no_human_yes": counts[False, True],
        "accuracy": hits / len(found), "accuracy_interval": wilson(hits, len(found)),
        "always_the_same": max(people, len(found) - people) / len(found),
        "kappa": kappa(counts), "kappa_interval": bootstrap(found, resamples, seed),
    }


def shown(figures: dict[str, Any], judge: str, left_out: int) -> str:
    low, high = figures["accuracy_interval"]
    lines = [
        f"{judge}: {figures['rows']} rows, {left_out} without a value or a label",
        f"accuracy {figures['accuracy']:.1%} [{low:.1%}, {high:.1%}]; "
        f"one answer for all: {figures['always_the_same']:.1%}",
    ]
    if figures["kappa"] is None or figures["kappa_interval"] is None:
        lines.append("kappa: none, since both always say the same")
    else:
        low, high = figures["kappa_interval"]
        lines.append(f"kappa {figures['kappa']:.2f} [{low:.2f}, {high:.2f}]")
    lines.append(f"judge yes: people yes {figures['both_yes']}, no {figures['judge_yes_human_no']}; "
                 f"judge no: people yes {figures['judge_no_human_yes']}, no {figures['both_no']}")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("judge")
    parser.add_argument("--label", default="human_label")
    parser.add_argument("--above", type=float)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--resamples", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    found, left_out = pairs(sys.stdin, given.judge, given.label, given.above)
    if not found:
        sys.exit(f"agree.py: none of {left_out} rows has both a value of '{given.judge}' and '{given.label}'")
    figures = agreement(found, given.resamples, given.seed)
    print(json.dumps({**figures, "left_out": left_out}) if given.json else shown(figures, given.judge, left_out))


if __name__ == "__main__":
    main()
