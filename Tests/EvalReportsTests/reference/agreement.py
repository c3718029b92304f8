"""Writes agreement.json: ratings with what scikit-learn, statsmodels and krippendorff say of them.

pip install scikit-learn==1.9.1 statsmodels==0.15.0 krippendorff==0.9.0; python agreement.py
"""

import json
import math
import pathlib
import random

import krippendorff
import numpy
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats.inter_rater import aggregate_raters, fleiss_kappa

# Krippendorff's own example (Computing Krippendorff's Alpha-Reliability, 2011), four raters with gaps.
N = None
PUBLISHED = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, N, N, N],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, N, 3],
    [N, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, N],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, N],
]


def drawn(seed, raters, units, values, missing, noise):
    generator = random.Random(seed)
    truth = [generator.choice(values) for _ in range(units)]
    return [
        [
            None if generator.random() < missing else generator.choice(values) if generator.random() < noise else value
            for value in truth
        ]
        for _ in range(raters)
    ]


CASES = {
    "published": PUBLISHED,
    "two raters, yes and no": drawn(1, 2, 60, [0, 1], 0, 0.3),
    "two raters with gaps": drawn(2, 2, 60, [0, 1], 0.2, 0.3),
    "two raters, chance": drawn(3, 2, 80, [0, 1], 0, 1),
    "two raters, one always says yes": [[1] * 20, [1] * 15 + [0] * 5],
    "two raters against each other": [[0, 1] * 10, [1, 0] * 10],
    "three raters, five stars": drawn(4, 3, 40, [1, 2, 3, 4, 5], 0, 0.4),
    "five raters with gaps": drawn(5, 5, 50, [1, 2, 3, 4, 5], 0.4, 0.4),
    "four raters, numbers": drawn(6, 4, 30, [0, 0.25, 0.5, 1, 10], 0.1, 0.5),
    "four raters, all alike": [[1, 2, 3, 1]] * 4,
    "three raters, one value": [[1, 1, 1]] * 3,
}


def finite(value):
    return None if value is None or math.isnan(value) else float(value)


def cohen(one, other):
    both = [(a, b) for a, b in zip(one, other) if a is not None and b is not None]
    # scikit-learn takes labels, not fractions.
    first, second = [str(a) for a, _ in both], [str(b) for _, b in both]
    if not both or len(set(first + second)) == 1:
        return None
    return finite(cohen_kappa_score(first, second))


def fleiss(ratings):
    units = [unit for unit in zip(*ratings) if None not in unit]
    if not units or len({value for unit in units for value in unit}) == 1:
        return None
    table, _ = aggregate_raters(numpy.array([[str(value) for value in unit] for unit in units]))
    return finite(fleiss_kappa(table))


def alpha(ratings, level):
    data = numpy.array([[numpy.nan if v is None else v for v in rater] for rater in ratings], dtype=float)
    # Ratings that stand alone say nothing of agreement.
    data[:, (~numpy.isnan(data)).sum(axis=0) < 2] = numpy.nan
    if len(numpy.unique(data[~numpy.isnan(data)])) < 2:
        return None
    return finite(krippendorff.alpha(reliability_data=data, level_of_measurement=level))


def raw(ratings):
    equal = pairs = 0
    for unit in zip(*ratings):
        values = [value for value in unit if value is not None]
        for place, one in enumerate(values):
            for other in values[place + 1 :]:
                pairs += 1
                equal += one == other
    return equal / pairs if pairs else None


cases = []
for name, ratings in CASES.items():
    cases.append(
        {
            "name": name,
            "ratings": ratings,
            "raw": raw(ratings),
            "cohen": [[cohen(a, b) for b in ratings] for a in ratings],
            "fleiss": fleiss(ratings),
            "alpha": {level: alpha(ratings, level) for level in ("nominal", "ordinal", "interval")},
        }
    )
path = pathlib.Path(__file__).with_name("agreement.json")
path.write_text("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n")
