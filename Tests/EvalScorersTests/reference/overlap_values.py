"""Writes overlap_values.json and overlap_of_shared_data.json: what sacrebleu and rouge-score say of pairs of texts.

    python3 -m venv /tmp/overlap && /tmp/overlap/bin/pip install sacrebleu==2.6.0 rouge-score==0.1.2
    /tmp/overlap/bin/python overlap_values.py [FOLDER]

The first file has texts that were written for it. The second one has numbers alone, for rows of data sets that aren't part
of the repository: FOLDER has halueval/general_data.json (RUCAIBox/HaluEval) and begin/wow/begin_dev_wow.tsv
(google/BEGIN-dataset); without FOLDER it is left as it is. The output is the same on every run.
"""

import json
import pathlib
import random
import sys

import sacrebleu
from rouge_score import rouge_scorer

VARIANTS = ["rouge1", "rouge2", "rougeL"]
rouge = rouge_scorer.RougeScorer(VARIANTS, use_stemmer=False)
here = pathlib.Path(__file__).parent


def values(output, references):
    bleu = min(1.0, sacrebleu.sentence_bleu(output, references).score / 100)
    chrf = min(1.0, sacrebleu.sentence_chrf(output, references).score / 100)
    found = rouge.score_multi(references, output)
    return [bleu, chrf] + [float(found[variant].fmeasure) for variant in VARIANTS]


pairs = [
    # nothing, or almost nothing
    ("", ""), ("", "a"), ("a", ""), (" ", " \n"), ("a", "a"), ("a", "b"), ("a", "A"), ("ab", "ba"), ("abc", "abcd"),
    ("one", "one two"), ("one two", "one"), ("one two three", "one two three"), (".", "."), ("...", ". . ."), ("-", "--"),
    # sentences
    ("The cat sat on the mat.", "The cat sat on the mat."),
    ("The cat sat on the mat.", "A cat was sitting on the mat."),
    ("the the the the the the the", "the cat is on the mat"),
    ("The quick brown fox jumps over the lazy dog", "The quick brown dog jumps on the log."),
    ("It is a guide to action which ensures that the military always obeys the commands of the party.",
     "It is a guide to action that ensures that the military will forever heed Party commands."),
    ("no word in common", "completely different sentence"),
    ("mat the on sat cat The", "The cat sat on the mat"),
    # punctuation and numbers, where 13a is particular
    ("It costs $1,234.56, not 1,234.5.", "It costs 1,234.56$ - not 1234.5 ."),
    ("a,b,c. d.e.f", "a , b , c . d . e . f"), ("1,2,3 4.5.6 7.,8 9,.x", "1 , 2 , 3 4.5.6 7 . , 8 9 , . x"),
    ("pages 10-20, x-ray, -5, --7, 3--4", "pages 10 - 20 , x-ray , -5 , --7 , 3 - - 4"),
    ("don't 'quote' \"double\" (round) [square] {curly} <angle>", "do n't ' quote ' \" double \" ( round )"),
    ("AT&T &amp; Co &lt;b&gt; &quot;x&quot; &amp;lt; &amp;quot;", "AT&T & Co <b> \"x\" &lt; &quot;"),
    ("hy-\nphen-ated\ntext -\n", "hyphen-ated text"), ("a <skipped> b<skipped>", "a b"), ("<skip<skipped>ped>", "x"),
    ("x.5 .5 5. ..5 x..5 ,.,", ".5 5 . x . .5 , . ,"), ("e.g. U.S.A. 3.14159 v1.2.3", "e.g. U.S.A. 3.14159 v1.2.3 !"),
    ("100% of #1 @home a/b a\\b a|b a~b a^b a`b a_b a=b a+b a*b", "100 % of # 1 @ home a / b"),
    ("tab\tand\rreturn\x0bvt\x1cfs\x85nel", "tab and return vt fs nel"),
    # other scripts
    ("naïve café déjà vu", "naive cafe deja vu"), ("naïve café déjà vu", "Naïve CAFÉ déjà-vu!"),
    ("Привет, мир! Как дела?", "Привет мир, как твои дела?"), ("今日は天気がいいですね。", "今日は良い天気です。"),
    ("東京都", "京都"), ("안녕하세요 세계", "안녕 세계"), ("مرحبا بالعالم", "مرحبا يا عالم"), ("שלום עולם", "שלום לכולם"),
    ("😀 😃 😄 😁", "😀 😄 😆"), ("👨\u200d👩\u200d👧 family", "👨 family 👧"), ("e\u0301 accent", "\u00e9 accent"),
    ("İstanbul KELVIN \u212a", "istanbul kelvin k"), ("ﬁne ſtraße ẞ", "fine strasse ss"), ("a\u00a0b\u2003c\u3000d", "a b c d"),
    ("“quoted” – dashed — and… dots", "\"quoted\" - dashed - and... dots"), ("½ of 5°C costs 3€", "1/2 of 5 C costs 3 €"),
    # repeated runs
    ("a a a a a a", "a a a"), ("ab ab ab ab", "ab ab ab ab ab ab"), ("abababababab", "babababababa"), ("aaaaaaaaaa", "aaaa"),
    ("to be or not to be that is the question", "to be or not to be to be or not to be"),
    # long
    ("lorem ipsum dolor sit amet " * 40, "lorem ipsum dolor amet sit " * 37),
    (" ".join(f"word{i % 97} of {i % 13}" for i in range(400)), " ".join(f"word{i % 89} of {i % 11}" for i in range(390))),
    ("".join(chr(0x4E00 + i * 37 % 900) for i in range(700)), "".join(chr(0x4E00 + i * 41 % 900) for i in range(700))),
    ("".join(chr(0x4E00 + i * 37 % 2900) for i in range(2500)), "".join(chr(0x4E00 + i * 41 % 2900) for i in range(2500))),
    ("xy" * 700, "yx" * 650 + "x"), ("abcdefghij" * 900, "abcdefghji" * 900),
]
several = [
    ("the cat", ["the dog", "a cat", "the cat sat"]), ("the the the", ["the the", "the cat the", "the"]),
    ("a b c d e", ["a b c d", "b c d e f"]), ("one two three four", ["one two", "one two three four five six"]),
    ("", ["", "x"]), ("x", ["", "x"]), ("Paris is the capital", ["The capital is Paris.", "Paris is the capital of France."]),
]

draw = random.Random(20240229)
pieces = list("aab.,-'\"&12 5 \n") + ["<skipped>", "&amp;", "&lt;", "ab", "cd ", " the ", "é", "日", "\u00a0", "-\n", "😀", "..", "1,0"]
for _ in range(150):
    output, reference = ("".join(draw.choice(pieces) for _ in range(draw.randint(1, 30))) for _ in range(2))
    if draw.random() < 0.3:
        reference = output[: len(output) // 2] + reference
    pairs.append((output, reference))
letters = [chr(ord("a") + i) for i in range(3)]
for _ in range(30):
    # Few letters: every run is there many times.
    count = draw.randint(200, 900)
    pairs.append(tuple("".join(draw.choice(letters) for _ in range(count)) for _ in range(2)))

cases = [dict(output=output, references=[reference], values=values(output, [reference])) for output, reference in pairs]
cases += [dict(output=output, references=references, values=values(output, references)) for output, references in several]
versions = dict(sacrebleu=sacrebleu.__version__, rouge_score="0.1.2", values=["bleu", "chrf"] + VARIANTS)
lines = ",\n".join(json.dumps(case, ensure_ascii=False) for case in cases)
(here / "overlap_values.json").write_text(f'{{"of": {json.dumps(versions)},\n"cases": [\n{lines}\n]}}\n')


def chosen(rows):
    """The first hundred rows, and the first fifty others with a character beyond ASCII."""
    wide = [index for index, row in enumerate(rows) if index >= 100 and not "".join(row).isascii()]
    return sorted(list(range(100)) + wide[:50])


def numbers(rows):
    found = []
    for index in chosen(rows):
        output, reference = rows[index]
        # The sizes tell whether the row is the one that was measured.
        sizes = [len(output.encode()), len(reference.encode())]
        found.append([index] + sizes + values(output, [reference]))
    return "[\n" + ",\n".join(json.dumps(row) for row in found) + "\n]"


if len(sys.argv) > 1:
    folder = pathlib.Path(sys.argv[1])
    halueval = [json.loads(line) for line in (folder / "halueval/general_data.json").read_bytes().split(b"\n") if line]
    answers = [(row["chatgpt_response"], row["user_query"]) for row in halueval]
    begin = [line.decode().split("\t") for line in (folder / "begin/wow/begin_dev_wow.tsv").read_bytes().split(b"\n") if line]
    begin = [(row[4], row[2]) for row in begin[1:]]
    text = f'{{"of": {json.dumps(versions)},\n"halueval": {numbers(answers)},\n"begin": {numbers(begin)}\n}}\n'
    (here / "overlap_of_shared_data.json").write_text(text)
