"""Tests of what makes rows and compares: `python3 -m unittest Tests/LocalModel/test_agree.py`.

The figures are those of scikit-learn 1.9.1 (`cohen_kappa_score`, `accuracy_score`) and SciPy 1.17.1
(`binomtest(…).proportion_ci(method="wilson")`, and `bootstrap(…, method="percentile")` with 4,000 samples of its own).
"""

from __future__ import annotations

import json
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))

import agree  # noqa: E402
import begin  # noqa: E402
import halueval  # noqa: E402

# Both yes, both no, only the judge yes, only people yes: accuracy, its interval, kappa, its interval where SciPy has one.
REFERENCE = [
    ((40, 30, 10, 20), 0.7, (0.6041514536665333, 0.7810511470506725), 0.4, (0.2212, 0.5647)),
    ((57, 8, 3, 52), 0.5416666666666666, (0.4526096906236998, 0.6281387121747415), 0.08333333333333337,
     (-0.0167, 0.1934)),
    ((1, 98, 0, 1), 0.99, (0.9455138038212946, 0.9982325679358593), 0.6621621621621622, None),
    ((10, 0, 0, 5), 0.6666666666666666, (0.41713547738519774, 0.8482367556028528), 0.0, None),
    ((12, 13, 20, 15), 0.4166666666666667, (0.3006427855834161, 0.5427191897735989), -0.1589403973509933,
     (-0.4, 0.1)),
]


def rows(counts: tuple[int, ...]) -> list[agree.Pair]:
    kinds = [(True, True), (False, False), (True, False), (False, True)]
    return [kind for kind, count in zip(kinds, counts) for _ in range(count)]


class Agreement(unittest.TestCase):
    def test_figures_are_those_of_scikit_learn_and_scipy(self) -> None:
        for counts, accuracy, interval, kappa, reach in REFERENCE:
            with self.subTest(counts):
                figures = agree.agreement(rows(counts))
                self.assertAlmostEqual(figures["accuracy"], accuracy, places=12)
                self.assertAlmostEqual(figures["kappa"], kappa, places=12)
                for ours, theirs in zip(figures["accuracy_interval"], interval):
                    self.assertAlmostEqual(ours, theirs, places=12)
                for ours, theirs in zip(figures["kappa_interval"], reach or ()):
                    self.assertAlmostEqual(ours, theirs, delta=0.02)

    def test_a_seed_repeats_and_another_differs(self) -> None:
        found = rows((12, 13, 20, 15))
        self.assertEqual(agree.bootstrap(found, 200, 1), agree.bootstrap(found, 200, 1))
        self.assertNotEqual(agree.bootstrap(found, 200, 1), agree.bootstrap(found, 200, 2))

    def test_there_is_no_kappa_where_both_always_say_the_same(self) -> None:
        figures = agree.agreement(rows((5, 0, 0, 0)))
        self.assertEqual((figures["kappa"], figures["kappa_interval"]), (None, None))

    def test_rows_without_a_value_or_a_label_are_counted_and_left_out(self) -> None:
        def line(value: object, label: object) -> str:
            return json.dumps({"feedback": {"j": {"value": value}}, "expectations": {"human_label": label}})

        lines = [line("yes", "no"), line(None, "yes"), line("no", None), line(True, "yes"), '{"feedback": {}}', "\n"]
        self.assertEqual(agree.pairs(lines, "j", "human_label", None), ([(True, False), (True, True)], 3))
        self.assertEqual(agree.pairs([line(0.4, "yes"), line(0, "no")], "j", "human_label", 0),
                         ([(True, True), (False, False)], 0))
        self.assertEqual(agree.pairs([line(0.4, "yes")], "j", "human_label", None), ([], 1))


class Rows(unittest.TestCase):
    def test_begin_has_its_knowledge_as_a_document_and_no_generic_answers(self) -> None:
        lines = ["model_name\tdata_source\tknowledge\tmessage\tresponse\tbegin_label",
                 't5\twow\tA "quoted fact.\tHi\tYo\tFully attributable', "t5\twow\tk\tm\tr\tGeneric",
                 "t5\twow\tk\tm\tr\tNot fully attributable", "t5\twow\t" + "k" * 100 + "\tm\tr\tFully attributable"]
        with tempfile.TemporaryDirectory() as folder:
            pathlib.Path(folder, "begin_dev_wow.tsv").write_text("\n".join(lines) + "\n")
            found = list(begin.rows(pathlib.Path(folder), "dev", 50))
        self.assertEqual([row["expectations"]["human_label"] for row in found], ["yes", "no"])
        self.assertEqual(found[0]["retrieved_documents"], [{"content": 'A "quoted fact.'}])

    def test_halueval_keeps_what_fits(self) -> None:
        line = {"ID": "7", "user_query": "q", "chatgpt_response": "a", "hallucination": "yes", "hallucination_spans": []}
        with tempfile.TemporaryDirectory() as folder:
            text = json.dumps(line) + "\n" + json.dumps({**line, "user_query": "q" * 60}) + "\n"
            pathlib.Path(folder, "general_data.json").write_text(text)
            found = list(halueval.rows(pathlib.Path(folder), 100))
        self.assertEqual([(row["id"], row["expectations"]) for row in found], [("halueval-7", {"human_label": "yes"})])


if __name__ == "__main__":
    unittest.main()
