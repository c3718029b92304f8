"""Makes the object that a JSON Schema asks for, the same one for the same seed."""

from __future__ import annotations

import hashlib
from typing import Any

SENTENCES = (
    "The answer agrees with what was expected.",
    "Each statement was compared with what is given.",
    "The wording differs and the meaning is the same.",
    "Nothing in the text speaks against it.",
    "The question was answered in its own terms.",
)
DEEPEST = 32


def fraction(seed: str, place: str) -> float:
    """A number from 0 to 1, below 1."""
    return int.from_bytes(hashlib.sha256(f"{seed}\n{place}".encode()).digest()[:6], "big") / (1 << 48)


def sentence(seed: str, place: str = "") -> str:
    return SENTENCES[int(fraction(seed, place) * len(SENTENCES))]


class Filler:
    """Fills schemas.

    The verdict decides what is chosen: `yes` takes the label "yes", true, the largest number, or else the first label;
    `no` takes "no", false, the smallest number, or else the last label; `hash` lets the seed choose; any other word is
    taken where it is one of the labels, or a number in the range.
    """

    def __init__(self, schema: dict[str, Any], seed: str, verdict: str) -> None:
        self.schema, self.seed, self.verdict = schema, seed, verdict

    def fill(self) -> Any:
        return self.value(self.schema, "", 0)

    def resolve(self, schema: dict[str, Any]) -> dict[str, Any]:
        for _ in range(DEEPEST):
            reference = schema.get("$ref")
            if not isinstance(reference, str):
                break
            found: Any = self.schema
            for part in reference.removeprefix("#/").split("/"):
                found = found[part.replace("~1", "/").replace("~0", "~")]
            schema = found
        return schema

    def value(self, schema: Any, place: str, depth: int) -> Any:
        if not isinstance(schema, dict) or depth > DEEPEST:
            return None
        schema = self.resolve(schema)
        for key in ("anyOf", "oneOf"):
            if schema.get(key):
                options = [option for option in schema[key] if self.resolve(option).get("type") != "null"]
                return self.value((options or schema[key])[0], place, depth + 1)
        if schema.get("allOf"):
            schema = {key: value for part in [schema, *schema["allOf"]] for key, value in self.resolve(part).items()}
        if "const" in schema:
            return schema["const"]
        if schema.get("enum"):
            return self.label(schema["enum"], place)
        kind = schema.get("type", "object" if "properties" in schema else "string")
        if isinstance(kind, list):
            kind = next((one for one in kind if one != "null"), "null")
        match kind:
            case "object":
                properties = schema.get("properties", {})
                return {name: self.value(inner, f"{place}/{name}", depth + 1) for name, inner in properties.items()}
            case "array":
                count = max(int(schema.get("minItems", 1)), 1 if schema.get("maxItems", 1) else 0)
                return [self.value(schema.get("items", {}), f"{place}/{index}", depth + 1) for index in range(count)]
            case "boolean":
                return self.says_yes(place)
            case "integer" | "number":
                return self.number(schema, kind, place)
            case "null":
                return None
        return self.text(schema, place)

    def says_yes(self, place: str) -> bool:
        return fraction(self.seed, place) < 0.5 if self.verdict == "hash" else self.verdict in ("yes", "true")

    def label(self, labels: list[Any], place: str) -> Any:
        if self.verdict == "hash":
            return labels[int(fraction(self.seed, place) * len(labels))]
        for label in labels:
            if str(label).lower() == self.verdict.lower():
                return label
        return labels[-1] if self.verdict == "no" else labels[0]

    def number(self, schema: dict[str, Any], kind: str, place: str) -> float:
        step = 1 if kind == "integer" else 0.5
        low = schema["exclusiveMinimum"] + step if "exclusiveMinimum" in schema else schema.get("minimum")
        high = schema["exclusiveMaximum"] - step if "exclusiveMaximum" in schema else schema.get("maximum")
        low = low if low is not None else (min(0, high) if high is not None else 0)
        high = high if high is not None else max(1, low)
        if self.verdict in ("yes", "no"):
            chosen: float = high if self.verdict == "yes" else low
        else:
            chosen = low + (high - low) * fraction(self.seed, place)
            try:
                chosen = min(high, max(low, float(self.verdict)))
            except ValueError:
                pass
        return int(chosen) if kind == "integer" else round(chosen, 6)

    def text(self, schema: dict[str, Any], place: str) -> str:
        if place.endswith(("/result", "/verdict")):
            if self.verdict == "hash":
                return "yes" if self.says_yes(place) else "no"
            return self.verdict
        words = sentence(self.seed, place)
        least, most = int(schema.get("minLength", 0)), schema.get("maxLength")
        words = words.ljust(least, ".")
        return words if most is None else words[: int(most)]
