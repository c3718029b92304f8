"""Writes json_schema_values.json: what Python's jsonschema says of schemas and values, and where.

    python3 -m venv /tmp/schema && /tmp/schema/bin/pip install jsonschema==4.26.0
    /tmp/schema/bin/python json_schema_values.py > json_schema_values.json

A violation is [JSON Pointer of the value, keyword]. The output is the same on every run.
"""

import json

from jsonschema import Draft202012Validator

table = []


def add(schema, *values):
    Draft202012Validator.check_schema(schema)
    table.append((schema, values))


anything = [None, True, False, 0, 1, -1, 1.0, 1.5, 1e20, 10**19, "", "a", "ab", [], [1], {}, {"a": 1}]

for kind in ["null", "boolean", "integer", "number", "string", "array", "object"]:
    add({"type": kind}, *anything)
add({"type": ["integer", "null"]}, *anything)
add(True, *anything)
add(False, *anything)
add({}, *anything)
add({"enum": [1, "a", None, [1], {"a": 1}, True]}, *anything, 1.0, "1", {"a": 1.0}, {"a": 1, "b": 2}, [1.0], [True])
add({"enum": []}, 1, None)
add({"const": {"a": [1, {"b": None}]}}, {"a": [1, {"b": None}]}, {"a": [1.0, {"b": None}]}, {"a": [1, {"b": 0}]}, [])
add({"const": 0}, 0, 0.0, -0.0, False, "0", None)
add({"const": False}, False, 0, True)

add({"minimum": 2, "maximum": 5}, 1, 2, 3.5, 5, 5.0000001, 6, "x", None, -1e300, 1e300)
add({"exclusiveMinimum": 2, "exclusiveMaximum": 5}, 2, 2.0000001, 3, 5, 4.9999999, "x")
add({"minimum": 9007199254740993}, 9007199254740992, 9007199254740993, 9007199254740994)
add({"multipleOf": 3}, 0, 3, 4, -6, 6.0, 6.5, "x", 3 * 10**15)
add({"multipleOf": 0.5}, 1, 1.5, 1.25, -2.5, 0)
add({"multipleOf": 1.5}, 3, 4.5, 4, 0)

add({"minLength": 2, "maxLength": 3}, "", "a", "ab", "abc", "abcd", "é", "日本", "😀", "😀😀😀", "e\u0301e\u0301", 1, [1])
add({"pattern": "^a.c$"}, "abc", "ac", "xabc", "a\u00e9c", 1)
add({"pattern": "b+"}, "abbbc", "", "ac")
add({"pattern": "^\\d{3}-\\w+$"}, "123-abc", "12-abc", "123-")
add({"format": "email", "type": "string"}, "no address", 1)

add({"minItems": 1, "maxItems": 2}, [], [1], [1, 2], [1, 2, 3], "abc", {"a": 1, "b": 2, "c": 3})
add({"uniqueItems": True}, [], [1, 2], [1, 1], [1, 1.0], [1, True], [0, False], [{"a": 1, "b": 2}, {"b": 2, "a": 1}],
    [[1], [1]], [[1], [True]], ["a", "A"], [None, None], "aa")
add({"uniqueItems": False}, [1, 1])
add({"items": {"type": "integer"}}, [], [1, 2], [1, "x", 2, None], "x", {"0": "x"})
add({"items": False}, [], [1])
add({"prefixItems": [{"type": "integer"}, {"type": "string"}]}, [], [1], [1, "a"], ["a", 1], [1, "a", None])
add({"prefixItems": [{"type": "integer"}], "items": {"type": "string"}}, [1], [1, "a"], [1, "a", 2], ["a", "a"])
add({"prefixItems": [{"type": "integer"}, True], "items": False}, [1, 2], [1, 2, 3], [1], ["x", 2, 3, 4])
add({"contains": {"type": "integer"}}, [], [1], ["a", 1], ["a"], "a")
add({"contains": {"type": "integer"}, "minContains": 2, "maxContains": 3}, [], [1], [1, "a", 2], [1, 2, 3], [1, 2, 3, 4])
add({"contains": {"type": "integer"}, "minContains": 0}, [], ["a"], [1])
add({"contains": {"type": "integer"}, "minContains": 0, "maxContains": 1}, [], [1], [1, 2])
add({"minContains": 2, "maxContains": 1}, [], [1], [1, 2, 3])
add({"contains": True, "maxContains": 2}, [1, 2], [1, 2, 3])

add({"required": ["a", "b"]}, {}, {"a": 1}, {"b": None}, {"a": 1, "b": 2}, [], "ab")
add({"properties": {"a": {"type": "integer"}, "b": {"minLength": 2}}}, {}, {"a": 1, "b": "xy"},
    {"a": "x", "b": "x"}, {"c": 1}, {"a": None})
add({"properties": {"a": True}, "additionalProperties": False}, {}, {"a": 1}, {"b": 1}, {"a": 1, "b": 2, "c": 3})
add({"properties": {"a": True}, "additionalProperties": {"type": "string"}}, {"a": 1}, {"b": "x"}, {"b": 1, "c": 2})
add({"patternProperties": {"^s_": {"type": "string"}, "_n$": {"minLength": 2}}}, {"s_x": "y"}, {"s_x": 1},
    {"s_n": "a"}, {"s_n": 1}, {"other": 1}, {"x_n": "ab"})
add({"properties": {"a": {}}, "patternProperties": {"^x-": {}}, "additionalProperties": False}, {"a": 1, "x-b": 2}, {"xb": 1})
add({"additionalProperties": {"type": "integer"}}, {"a": 1}, {"a": "x", "b": 2})
add({"propertyNames": {"pattern": "^[a-z]+$", "maxLength": 3}}, {}, {"abc": 1}, {"A": 1}, {"abcd": 1}, {"ABCD": 1})
add({"propertyNames": False}, {}, {"a": 1})
add({"minProperties": 1, "maxProperties": 2}, {}, {"a": 1}, {"a": 1, "b": 2}, {"a": 1, "b": 2, "c": 3}, [1, 2, 3])
add({"dependentRequired": {"a": ["b", "c"], "d": []}}, {}, {"a": 1}, {"a": 1, "b": 2}, {"a": 1, "b": 2, "c": 3}, {"d": 1})
add({"dependentSchemas": {"a": {"required": ["b"], "properties": {"b": {"type": "integer"}}}, "z": False}}, {}, {"a": 1},
    {"a": 1, "b": 2}, {"a": 1, "b": "x"}, {"b": "x"}, {"z": 1})
add({"properties": {"a/b": {"type": "integer"}, "c~d": {"type": "integer"}, "": {"type": "integer"}, "é \"": {"type": "integer"}}},
    {"a/b": "x"}, {"c~d": "x"}, {"": "x"}, {"é \"": "x"})

add({"allOf": [{"type": "integer"}, {"minimum": 3}, {"maximum": 5}]}, 4, 2, 6, "x", 3.5)
add({"anyOf": [{"type": "integer"}, {"minLength": 2}]}, 1, "ab", "a", None, 1.5)
add({"oneOf": [{"type": "integer"}, {"minimum": 2}]}, 1, 2.5, 3, 1.5, "x")
add({"not": {"type": "integer"}}, 1, "x")
add({"not": {}}, 1)
add({"if": {"properties": {"kind": {"const": "a"}}, "required": ["kind"]}, "then": {"required": ["x"]},
     "else": {"required": ["y"]}}, {"kind": "a"}, {"kind": "a", "x": 1}, {"kind": "b"}, {"y": 1}, {}, 5)
add({"if": {"type": "integer"}, "then": {"minimum": 3}}, 1, 5, "x")
add({"if": {"type": "integer"}, "else": {"type": "string"}}, 1, "x", None)
add({"if": False, "then": False}, 1)
add({"then": False, "else": False}, 1)

person = {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}, "age": {"minimum": 0}}}
add({"$defs": {"person": person}, "type": "array", "items": {"$ref": "#/$defs/person"}},
    [{"name": "x"}], [{"name": 1, "age": -1}], [{}, 5, {"name": "a", "age": 3}])
add({"$defs": {"n": {"type": "integer"}}, "$ref": "#/$defs/n", "minimum": 3}, 1, 3, "x")
add({"definitions": {"n": {"$anchor": "num", "type": "integer"}}, "properties": {"a": {"$ref": "#num"}}}, {"a": 1}, {"a": "x"})
add({"properties": {"children": {"type": "array", "items": {"$ref": "#"}}, "v": {"type": "integer"}}, "required": ["v"]},
    {"v": 1, "children": [{"v": 2, "children": []}, {"v": 3}]}, {"v": 1, "children": [{"v": 2, "children": [{"v": "x"}, {}]}]})
add({"$defs": {"tree": {"anyOf": [{"type": "integer"}, {"type": "array", "items": {"$ref": "#/$defs/tree"}}]}},
     "$ref": "#/$defs/tree"}, 1, [1, [2, [3]]], [1, ["x"]], "x")
add({"properties": {"a": {"properties": {"b": {"type": "integer"}}}, "c": {"$ref": "#/properties/a/properties/b"}}},
    {"c": 1}, {"c": "x"})
add({"$defs": {"a b": {"type": "integer"}, "c%d": {"type": "string"}, "e/f": {"type": "null"}},
     "properties": {"x": {"$ref": "#/$defs/a%20b"}, "y": {"$ref": "#/$defs/c%25d"}, "z": {"$ref": "#/$defs/e~1f"}}},
    {"x": 1, "y": "s", "z": None}, {"x": "s", "y": 1, "z": 1})
add({"$id": "https://example.org/s", "$schema": "https://json-schema.org/draft/2020-12/schema", "$defs": {"n": {"type": "null"}},
     "properties": {"a": {"$ref": "#/$defs/n"}, "b": {"$ref": "https://example.org/s#/$defs/n"}}}, {"a": 1, "b": 2}, {"a": None})
add({"title": "t", "description": "d", "default": 1, "examples": [1], "$comment": "c", "deprecated": True, "readOnly": True,
     "writeOnly": False, "contentMediaType": "application/json", "contentEncoding": "base64", "type": "integer"}, 1, "x")

order = {
    "type": "object", "required": ["id", "lines"], "additionalProperties": False,
    "properties": {
        "id": {"type": "string", "pattern": "^[A-Z]{2}\\d+$"},
        "lines": {"type": "array", "minItems": 1, "items": {
            "type": "object", "required": ["sku", "count"],
            "properties": {"sku": {"type": "string"}, "count": {"type": "integer", "minimum": 1}, "price": {"type": "number"}},
        }},
        "state": {"enum": ["open", "paid"]},
    },
}
add(order, {"id": "AB12", "lines": [{"sku": "x", "count": 1}], "state": "open"},
    {"id": "ab", "lines": [{"sku": 5, "count": 0}, {"count": 1.5}, "x"], "state": "lost", "extra": 1}, {"lines": []}, [], None)


def pointer(path):
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)


cases = []
for schema, values in table:
    validator = Draft202012Validator(schema)
    for value in values:
        found = [[pointer(error.absolute_path), error.validator or "false"] for error in validator.iter_errors(value)]
        cases.append(dict(schema=schema, value=value, violations=sorted(found)))
print("[\n" + ",\n".join(json.dumps(case, ensure_ascii=False) for case in cases) + "\n]")
