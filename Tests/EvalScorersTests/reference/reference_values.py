"""Writes reference_values.json: what MLflow 3.17.2, Python and SQuAD's definition say of rows that are easy to get wrong.

    python3 -m venv /tmp/mlflow && /tmp/mlflow/bin/pip install mlflow==3.17.2
    /tmp/mlflow/bin/python reference_values.py > reference_values.json

The source of a value is `mlflow` where MLflow has the scorer, else `python`: there the definition is written here, and
independently of the Swift code. The output is the same on every run.
"""

import json
import random
import re
import string
import sys
import unicodedata
from collections import Counter

import mlflow
import pandas
from mlflow.genai.scorers import PIIDetection, RegexMatch, ResponseLength, builtin_scorers
from mlflow.metrics import exact_match

cases = []


def add(id, scorer, settings, outputs, value, source, expected=None):
    cases.append(dict(id=id, scorer=scorer, settings=settings, outputs=outputs, expected=expected, value=value, source=source))


def of_mlflow(id, make, name, settings, outputs):
    try:
        value = make(**settings)(outputs=outputs).value
        value = getattr(value, "value", value)
    except ValueError:
        value = "refused"
    add(id, name, settings, outputs, value, "mlflow")


def regex(id, pattern, outputs, **settings):
    of_mlflow(f"regex {id}", RegexMatch, "regex_match", {"pattern": pattern, **settings}, outputs)


def length(id, outputs, **settings):
    of_mlflow(f"length {id}", ResponseLength, "response_length", settings, outputs)


def pii(id, outputs, *types):
    of_mlflow(f"pii {id}", PIIDetection, "pii_detection", {"pii_types": list(types)} if types else {}, outputs)


# regex_match
regex("prefix", "^Answer:", "Answer: 42")
regex("prefix of a later line", "^Answer:", "x\nAnswer: 42")
regex("prefix of a later line with (?m)", "(?m)^Answer:", "x\nAnswer: 42")
regex("whole", r"\d+", "42", match_type="fullmatch")
regex("whole with a line end", r"\d+", "42\n", match_type="fullmatch")
regex("whole with dollar and a line end", r"\d+$", "42\n", match_type="fullmatch")
regex("whole takes the longer branch", "a|ab", "ab", match_type="fullmatch")
regex("dollar before a last line end", "42$", "42\n")
regex("dollar before CRLF", "42$", "42\r\n")
regex("the very end", r"42\Z", "42\n")
regex("the very end without line end", r"42\Z", "x 42")
regex("dot and CR", "a.b", "a\rb")
regex("dot and LF", "a.b", "a\nb")
regex("dot and U+2028", "a.b", "a\u2028b")
regex("circumflex after the last line end", "(?m)^$", "x\n")
regex("case", "answer", "ANSWER")
regex("ignoring case", "answer", "ANSWER", case_insensitive=True)
regex("ignoring case beyond ASCII", "straße ÉTÉ", "STRAßE été", case_insensitive=True)
regex("long s ignoring case", "s", "\u017f", case_insensitive=True)
regex("kelvin ignoring case", "k", "\u212a", case_insensitive=True)
regex("dotted capital i ignoring case", "i", "\u0130", case_insensitive=True)
regex("digits of another script", r"^\d+$", "٤٢")
regex("words of another script", r"^\w+$", "日本語")
regex("no break space is space", r"a\sb", "a\u00a0b")
regex("U+001C is space", r"a\sb", "a\x1cb")
regex("U+180E is no space", r"a\sb", "a\u180eb")
regex("boundary of another script", r"\bмир\b", "привет мир!")
regex("combining mark is no word character", r"^e\w$", "e\u0301")
regex("upper bound only", "^a{,2}b$", "aab")
regex("upper bound only, too many", "^a{,2}b$", "aaab")
regex("escape u", r"^\u0041\U0001F600$", "A😀")
regex("bracket in a class", "^[[:alpha:]]$", "p]")
regex("bracket in a class, no class of POSIX", "^[[:alpha:]]$", "z")
regex("closing bracket first", "^[]a]+$", "]a]")
regex("named group", r"(?P<q>['\"]).*?(?P=q)", "say 'hi'")
regex("lookbehind", r"(?<=€)\d+", "for €42")
regex("empty pattern", "", "")
regex("empty output", "a", "")
regex("NUL", "a\\x00b", "a\x00b")
regex("emoji is one character", "^.$", "😀")
regex("group not closed", "(a", "a")
regex("nothing to repeat", "*a", "a")

# response_length
length("empty", "", min_length=0)
length("empty, one needed", "", min_length=1)
length("least", "12345", min_length=5)
length("most", "12345", max_length=5)
length("over", "123456", max_length=5)
length("emoji", "😀😀", max_length=2, min_length=2)
length("family of scalars", "👨‍👩‍👧", max_length=5, min_length=5)
length("combining mark", "e\u0301", max_length=1)
length("CRLF is two", "a\r\nb", min_length=4, max_length=4)
length("words", "one two  three\n\tfour ", unit="words", min_length=4, max_length=4)
length("no words", " \n\t ", unit="words", max_length=0)
length("words at other spaces", "a\u00a0b\u2003c\u3000d\x1ce\u200bf\u180eg\u2028h\x85i", unit="words", min_length=8, max_length=8)
length("words without spaces", "日本語です", unit="words", max_length=1)
length("words over sixteen bytes", "the quick brown fox jumps over the lazy dog again", unit="words", min_length=10, max_length=10)
length("no bounds", "x")
length("bounds the wrong way round", "x", min_length=3, max_length=2)
length("negative", "x", min_length=-1)
length("an object", {"answer": 42}, max_length=13)
length("a chat completion", {"choices": [{"message": {"role": "assistant", "content": "four"}}]}, min_length=4, max_length=4)

# pii_detection
for id, text in {
    "clean": "The parcel arrives on 2 May 2024 at 10:30.",
    "empty": "",
    "email": "write to ann.lee+news@mail.example.co.uk!",
    "email without dot": "root@localhost",
    "email with one letter": "a@b.c",
    "email after punctuation": "(x@y.org)",
    "email, domain begins with a dot": "a@.com",
    "email, two dots": "a@..com",
    "email, two signs": "a@@b.com",
    "email beyond ASCII": "jörg@münchen.de",
    "email, local beyond ASCII": "ö@muenchen.de",
    "phone dashes": "555-123-4567",
    "phone brackets": "(555) 123-4567",
    "phone dots": "555.123.4567",
    "phone with country": "+1 555 123 4567",
    "phone run": "order 12345678901",
    "nine digits": "order 123456789",
    "phone across lines": "555\n123\n4567",
    "phone across CRLF": "555\r\n123\r\n4567",
    "phone with two spaces": "555  123  4567",
    "phone E.164": "+4930123456",
    "plus and a digit": "C+1 and 2",
    "plus and two digits": "+12 points",
    "plus zero": "+0301234",
    "phone of another script": "٥٥٥-١٢٣-٤٥٦٧",
    "phone with no break spaces": "555\u00a0123\u00a04567",
    "phone with U+2011": "555\u2011123\u20114567",
    "phone in letters": "x555-123-4567y",
    "phone with one bracket": "555) 123-4567",
    "ssn": "123-45-6789",
    "ssn in letters": "a123-45-6789",
    "ssn with a digit more": "123-45-67890",
    "ssn after another script": "é123-45-6789",
    "ssn with underscore": "123-45-6789_",
    "ssn of another script": "१२३-४५-६७८९",
    "card": "4111 1111 1111 1111",
    "card of one run": "card:5500005555555559.",
    "card of american express": "3782-822463-10005",
    "card with a wrong check digit": "4111 1111 1111 1112",
    "card with dots": "4111.1111.1111.1111",
    "card of nobody": "9111 1111 1111 1111",
    "discover": "6011 0009 9013 9424",
    "ip": "from 192.168.0.1:80",
    "ip too large": "1.2.3.256",
    "ip in a longer one": "1.2.3.4.5",
    "ip with zeros": "001.02.3.4",
    "version": "v1.2.3.4",
    "ip at a letter": "1.2.3.4a",
    "ip of another script": "١.١.١.١",
    "ipv6": "2001:db8::8a2e:370:7334",
    "ipv6 with ipv4": "::ffff:10.0.0.1",
    "iban": "DE89 3704 0044 0532 0130 00",
    "several": "ann@example.org, 555-123-4567, 10.0.0.1",
}.items():
    pii(id, text)
for type in ["email", "phone", "ssn", "credit_card", "ip_address"]:
    pii(f"only {type}", "ann@example.org 555-123-4567 123-45-6789 4111111111111111 10.0.0.1", type)
pii("card and nothing else, wrong check digit", "4111 1111 1111 1112", "credit_card")
pii("unknown type", "x", "passport")


# exact_match: MLflow's metric, which has no settings, and Python's words for ours
def exact(id, outputs, expected, **settings):
    if not settings:
        result = exact_match().eval_fn(pandas.Series([outputs]), pandas.Series([expected]))
        return add(f"exact {id}", "exact_match", {}, outputs, result.aggregate_results["exact_match"] == 1, "mlflow", expected)
    normal = {"none": str, "whitespace": lambda text: " ".join(text.split()), "nfkc": lambda text: unicodedata.normalize("NFKC", text)}
    a, b = (normal[settings.get("normalize", "none")](text) for text in (outputs, expected))
    if settings.get("ignore_case"):
        a, b = a.lower(), b.lower()
    add(f"exact {id}", "exact_match", settings, outputs, a == b, "python", expected)


exact("same", "Paris", "Paris")
exact("case", "Paris", "paris")
exact("space at the end", "Paris ", "Paris")
exact("line ends", "a\r\nb", "a\nb")
exact("composed and not", "é", "e\u0301")
exact("empty", "", "")
exact("numbers as text", "1.0", "1")
exact("ignoring case", "PARIS, The City of Light at Night!", "paris, the city of light at night!", ignore_case=True)
exact("ignoring case, punctuation between", "@[`{", "`{@[", ignore_case=True)
exact("ignoring case, sharp s", "STRASSE", "straße", ignore_case=True)
exact("ignoring case, capital sharp s", "STRAẞE", "straße", ignore_case=True)
exact("ignoring case, dotted capital i", "\u0130", "i\u0307", ignore_case=True)
exact("ignoring case, kelvin", "\u212a", "k", ignore_case=True)
exact("ignoring case, final sigma", "ΟΔΟΣ ΟΔΟΣ.", "οδος οδος.", ignore_case=True)
exact("ignoring case, sigma alone", "Σ", "σ", ignore_case=True)
exact("ignoring case, sigma and a mark", "ΑΣ\u0301Α", "ας\u0301α", ignore_case=True)
exact("ignoring case, titlecase", "ǅ", "ǆ", ignore_case=True)
exact("spaces", "  a \n b\t", "a b", normalize="whitespace")
exact("spaces inside", "ab", "a b", normalize="whitespace")
exact("spaces beyond ASCII", "a\u00a0\u2003b", "a b", normalize="whitespace")
exact("zero width space", "a\u200bb", "a b", normalize="whitespace")
exact("spaces ignoring case", " A  b", "a B", normalize="whitespace", ignore_case=True)
exact("spaces ignoring case beyond ASCII", " Ä  b", "ä B", normalize="whitespace", ignore_case=True)
exact("spaces and nothing", " \n", "", normalize="whitespace")
exact("compatibility", "ﬁ①Ａ", "fi1A", normalize="nfkc")
exact("compatibility composes", "e\u0301", "é", normalize="nfkc")
exact("compatibility ignoring case", "ＡＢＣ ℌ", "abc h", normalize="nfkc", ignore_case=True)
exact("compatibility, ASCII keeps spaces", "a  b", "a b", normalize="nfkc")


def contains(id, outputs, expected=None, **settings):
    needles = settings.get("values") or [settings.get("value", expected)]
    fold = str.lower if settings.get("ignore_case") else str
    found = [fold(needle) in fold(outputs) for needle in needles]
    add(f"contains {id}", "contains", settings, outputs, (any if settings.get("mode") == "any" else all)(found), "python", expected)


contains("expected", "It is Paris.", "Paris")
contains("expected, case", "It is Paris.", "paris")
contains("expected, empty", "", "")
contains("longer than the output", "Par", "Paris")
contains("value", "a b", "zzz", value="a")
contains("all", "a b", values=["a", "c"])
contains("any", "a b", values=["a", "c"], mode="any")
contains("across lines", "a\r\nb", value="a\nb")
contains("composed and not", "cafe\u0301", value="é")
contains("ignoring case", "The Capital of France is PARIS", value="Paris", ignore_case=True)
contains("ignoring case, at the end of a long text", "x" * 100 + "ParIS", value="pARis", ignore_case=True)
contains("ignoring case, overlapping", "aaaaaaaaaaaaaaaaaaaaaaAAB", value="AAAB", ignore_case=True)
contains("ignoring case, one letter", "no such letter in this long text", value="Q", ignore_case=True)
contains("ignoring case, empty", "x", value="", ignore_case=True)
contains("ignoring case, at and backtick", "mail`ann", value="MAIL@ANN", ignore_case=True)
contains("ignoring case beyond ASCII", "Das ist die HAUPTSTRAẞE in Köln", value="hauptstraße", ignore_case=True)
contains("ignoring case, kelvin", "300 \u212a", value="300 k", ignore_case=True)
contains("ignoring case, expected beyond ASCII", "été", "ÉTÉ", ignore_case=True)


# token_f1 by the text of SQuAD's definition, v1.1
def words(text):
    text = "".join(c for c in text.lower() if c not in string.punctuation)
    return re.sub(r"\b(?:a|an|the)\b", " ", text).split()


def f1(outputs, expected):
    a, b = Counter(words(outputs)), Counter(words(expected))
    common = (a & b).total()
    if not common:
        return 0.0
    precision, recall = common / a.total(), common / b.total()
    return 2 * precision * recall / (precision + recall)


def tokens(id, outputs, expected):
    add(f"f1 {id}", "token_f1", {}, outputs, f1(outputs, expected), "python", expected)


tokens("same", "The cat sat.", "a cat sat")
tokens("part", "The Eiffel Tower is in Paris, France", "Paris")
tokens("counts", "to be or not to be", "to to to be")
tokens("none", "x", "y")
tokens("both empty", "", "")
tokens("only articles", "The a an", "a")
tokens("one empty", "", "x")
tokens("apostrophe", "it's the cat's", "its cats")
tokens("curly apostrophe", "l’a vu", "l’ vu")
tokens("articles around a dash", "a–b the–an", "–b –")
tokens("hyphen joins", "state-of-the-art", "stateoftheart")
tokens("accents", "Élan THÉ", "élan thé")
tokens("article with a mark", "the\u0301 a\u0308", "\u0301 \u0308")
tokens("control character", "the\x7fan\x00a cat", "\x7f \x00 cat")
tokens("final sigma", "ΟΔΟΣ", "οδος")
tokens("underscore", "snake_case", "snakecase")
tokens("other spaces", "a\u00a0big\u3000dog", "big dog")
tokens("digits", "in 1,234 days", "1234 days")

# Many short texts, so that what nobody thought of is compared too.
random.seed(20240517)
PIECES = list("0123456789") * 3 + list("+-. ()@a_1") + ["555", "123", "4111", "1111", "3782", "822463", "10005", "25", "é", "٣", "\u00a0", "\n", ".com", "x@y", "192", "@a.", "b@c.de", "\x1c", "²", "’", "DE"]
scan = {name: re.compile(pattern) for name, pattern in builtin_scorers._PII_PATTERNS.items()}


def luhn(digits):
    values = [unicodedata.digit(c) for c in digits if c.isdecimal()][::-1]
    return (sum(values[::2]) + sum(sum(divmod(2 * v, 10)) for v in values[1::2])) % 10 == 0


def shaped():
    text = shape_once()
    # One card in ten has a right check digit by itself; here two in three.
    while random.random() < 0.95 and scan["credit_card"].fullmatch(text) and not luhn(text):
        text = text[:-1] + str(random.randrange(10))
    return text


def shape_once():
    d = lambda n: "".join(random.choice("0123456789") for _ in range(n))
    s = lambda: random.choice(["-", " ", ".", "", "", "\u00a0"])
    shape = random.randrange(5)
    if shape == 0:
        return random.choice(["", "+1", "+1 ", "1-"]) + random.choice(["(", ""]) + d(3) + random.choice([")", ""]) + s() + d(3) + s() + d(random.choice([3, 4, 5]))
    if shape == 1:
        return d(3) + "-" + d(2) + "-" + d(4)
    if shape == 2:
        return random.choice(["4", "51", "6011", "65", "9"]).ljust(4, random.choice("0123456789")) + "".join(s() + d(4) for _ in range(3))
    if shape == 3:
        return random.choice(["34", "37", "36"]) + d(2) + s() + d(6) + s() + d(5)
    return ".".join(str(random.randrange(280)) for _ in range(random.choice([3, 4, 5])))


fuzz = []
for number in range(800):
    text = "".join(random.choice(PIECES) for _ in range(random.randrange(4, 24)))
    if number % 2:
        text = random.choice(["", " ", "x", "é", "(", "_", "٣", "+"]) + shaped() + random.choice(["", " ", "a", "9", ".", "’", "é"]) + random.choice(["", shaped()])
    types = [t for t in ["email", "phone", "ssn", "credit_card", "ip_address"] if PIIDetection(pii_types=[t])(outputs=text).value == "no"]
    found = (scan["credit_card"].match(text, at) for at in range(len(text)))
    fuzz.append(dict(text=text, types=types, luhn=any(m and luhn(m.group()) for m in found)))

VOCABULARY = ["a", "an", "the", "The", "cat", "Cat", "cat.", "dog", "l’a", "A.", "an-", "x_y", "THE", "été", "a\u00a0b", "--", "’", "theme", "ban", "\u0301a"]
pairs = []
for _ in range(200):
    a, b = (" ".join(random.choice(VOCABULARY) for _ in range(random.randrange(0, 9))) for _ in range(2))
    pairs.append(dict(outputs=a, expected=b, f1=f1(a, b)))

lists = dict(cases=cases, pii=fuzz, f1=pairs)
print(json.dumps(dict(mlflow=mlflow.__version__, python=sys.version.split()[0], unicode=unicodedata.unidata_version))[:-1], end="")
for name, rows in lists.items():  # a row a line, so that differences can be read
    print(f',\n"{name}": [\n' + ",\n".join(json.dumps(row) for row in rows) + "\n]", end="")
print("}")
