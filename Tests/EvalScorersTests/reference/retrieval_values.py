"""Writes retrieval_values.json: recall, precision, reciprocal rank and NDCG of rankings, the last by scikit-learn.

    python3 -m venv /tmp/retrieval && /tmp/retrieval/bin/pip install scikit-learn==1.9.1
    /tmp/retrieval/bin/python retrieval_values.py > retrieval_values.json

The first three are written here by their definitions, independently of the Swift code. The output is the same on every
run.
"""

import json
import random

from sklearn.metrics import ndcg_score


def values(retrieved, relevance, k):
    top = list(dict.fromkeys(retrieved))[:k]
    hits = [bool(relevance.get(document)) for document in top]
    expected = sum(1 for value in relevance.values() if value > 0)
    # scikit-learn ranks all documents there are: those that weren't retrieved come last, behind as many irrelevant ones
    # as it takes to fill the ranks up to k.
    depth = k or len(top) + len(relevance)
    ranked = top + [f"filler {index}" for index in range(depth)] + [one for one in relevance if one not in top]
    gains = [[relevance.get(document, 0) for document in ranked]]
    ndcg = ndcg_score(gains, [[-index for index in range(len(ranked))]], k=depth)
    return dict(
        retrieval_recall=sum(hits) / expected,
        retrieval_precision=sum(hits) / max(1, len(top)),
        retrieval_mrr=next((1 / (index + 1) for index, hit in enumerate(hits) if hit), 0.0),
        retrieval_ndcg=float(ndcg),
    )


draw = random.Random(11)
cases = []
for _ in range(120):
    documents = [f"d{index}" for index in range(12)]
    retrieved = [draw.choice(documents) for _ in range(draw.randint(0, 10))]
    expected = draw.sample(documents, draw.randint(1, 5))
    graded = draw.random() < 0.5
    relevance = {one: draw.choice([0.5, 1, 2, 3, 0]) if graded else 1 for one in expected}
    if not any(relevance.values()):
        relevance[expected[0]] = 1
    k = draw.choice([None, 1, 3, 5, 20])
    cases.append(dict(retrieved=retrieved, relevance=relevance, k=k, values=values(retrieved, relevance, k)))
print("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]")
