#!/usr/bin/env python3
"""Prints what a machine depends on in the headers of the plugin contract: sizes, offsets, types, constants, names.

Usage: facts.py INCLUDE            prints them
       facts.py INCLUDE BASELINE   says what differs from a version that was, and fails if anything does that may not:
                                   the header only grows. Structs with struct_size may get larger, the minor version may.

It reads every header below INCLUDE/evalhost except drafts, and lets the C compiler (CC, or
cc) say the numbers, so the list is as complete as the headers are. One fact a line:

    struct NAME SIZE grows|frozen     frozen: an element of arrays, without struct_size
    member STRUCT.NAME OFFSET SIZE DECLARATION
    constant NAME VALUE
    string NAME "VALUE"
    type NAME DECLARATION
    function NAME                     inline functions and macros with arguments: what sources are written with
    macro NAME
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile


def text_of(path):
    text = re.sub(r"/\*.*?\*/", " ", path.read_text(encoding="utf-8"), flags=re.S)
    return re.sub(r"\\\n", " ", text)


def squeezed(text):
    return re.sub(r"\s*([*(),;])\s*", r"\1", re.sub(r"\s+", " ", text)).strip()


def members(body):
    """The (name, declaration) of each member; `uint32_t a, b;` declares two."""
    for declaration in filter(None, (part.strip() for part in body.split(";"))):
        pointer = re.search(r"\(\s*\*\s*(\w+)\s*\)", declaration)
        if pointer:
            yield pointer.group(1), squeezed(declaration)
            continue
        first, *others = declaration.split(",")
        base = re.match(r"(.*?[\s*])(\w+)\s*((?:\[.*\])?)$", first.strip(), flags=re.S)
        for name, extent in [(base.group(2), base.group(3))] + [
            re.match(r"(\w+)\s*((?:\[.*\])?)$", other.strip()).groups() for other in others
        ]:
            yield name, squeezed(base.group(1) + name + extent)


def may_grow(old, new):
    """Whether a fact of the same name, but another value, is growth."""
    if old[0] == "struct":
        return old[3] == new[3] == "grows" and int(new[2]) >= int(old[2])
    return old[1] in ("EVALHOST_VERSION_MINOR", "EVALHOST_ABI_VERSION") and int(new[2]) >= int(old[2])


def differences(baseline, facts):
    """What of the baseline is no more, each as a sentence."""
    current = {tuple(fact.split()[:2]): fact for fact in facts}
    for fact in baseline:
        found = current.get(tuple(fact.split()[:2]))
        if found is None:
            yield f"vanished: {fact}"
        elif found != fact and not may_grow(fact.split(), found.split()):
            yield f"changed: {fact}\n     to: {found}"


def facts_of(include):
    """The facts of the headers in a folder, sorted."""
    headers = sorted(
        path for path in (include / "evalhost").rglob("*.h") if "draft" not in path.relative_to(include).parts
    )
    if not headers:
        sys.exit(f"there are no headers in {include}/evalhost")
    lines, program = [], ["#include <stdio.h>"]
    program += [f"#include <{path.relative_to(include)}>" for path in headers]
    program += ["int main(void) {"]
    for path in headers:
        text = text_of(path)
        for match in re.finditer(r"struct (evalhost_\w+) \{(.*?)\}", text, flags=re.S):
            struct, body = match.groups()
            found = list(members(body))
            kind = "grows" if found[0][0] == "struct_size" else "frozen"
            tag = f"struct {struct}"
            program.append(f'printf("struct {struct} %zu {kind}\\n", sizeof({tag}));')
            for name, declaration in found:
                place = f"offsetof({tag}, {name}), sizeof((({tag} *)0)->{name})"
                program.append(f'printf("member {struct}.{name} %zu %zu {declaration}\\n", {place});')
        for name, arguments, value in re.findall(r"^#define (EVALHOST_\w+)(\([^)]*\))?[ \t]*(.*)$", text, flags=re.M):
            if arguments:
                lines.append(f"macro {name}")
            elif value.startswith('"'):
                program.append(f'printf("string {name} \\"%s\\"\\n", {name});')
            elif re.fullmatch(r"[0-9]+u?", value.strip()):
                program.append(f'printf("constant {name} %lld\\n", (long long){name});')
            elif value.strip():
                lines.append(f"macro {name}")
        for declaration in re.findall(r"^typedef ([^{}]*?);", text, flags=re.M | re.S):
            name = re.search(r"\(\s*\*\s*(\w+)\s*\)|(\w+)$", declaration)
            lines.append(f"type {name.group(1) or name.group(2)} {squeezed(declaration)}")
        for name in re.findall(r"^static inline [^(]*?(evalhost_\w+)\(", text, flags=re.M):
            lines.append(f"function {name}")
    program += ["return 0; }"]
    with tempfile.TemporaryDirectory() as folder:
        source, binary = pathlib.Path(folder, "facts.c"), pathlib.Path(folder, "facts")
        source.write_text("\n".join(program), encoding="utf-8")
        compiler = os.environ.get("CC", "cc").split()
        subprocess.run([*compiler, "-std=c99", f"-I{include}", source, "-o", binary], check=True)
        lines += subprocess.run([binary], check=True, capture_output=True, text=True).stdout.splitlines()
    return sorted(set(lines))


def main():
    facts = facts_of(pathlib.Path(sys.argv[1]))
    if len(sys.argv) < 3:
        print("\n".join(facts))
        return
    baseline = pathlib.Path(sys.argv[2]).read_text(encoding="utf-8").splitlines()
    found = list(differences(baseline, facts))
    if found:
        sys.exit("\n".join(found))


main()
