#!/usr/bin/env python3
"""Builds every faulty plugin, and checks that `evalhost plugin check --strict` tells its fault and nothing else.

Usage: run.py [--binary PATH] [--jobs N] [--good LIBRARY …] [NAME …]

--good   libraries that are to pass every check, notes included; none of the faulty ones is then run
Exit status 0 if all is as expected; the last line counts them.
"""
import argparse
import concurrent.futures
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
COMPILER = ["cc", "-std=gnu99", "-fPIC", "-O1", "-Wall", "-Wextra", "-Werror", "-fvisibility=hidden", "-shared",
            f"-I{ROOT}/Sources/CEvalHost/include"]


def parsed():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", default=str(ROOT / ".build/release/evalhost"))
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--good", nargs="+", default=[])
    parser.add_argument("names", nargs="*")
    return parser.parse_args()


def head(source):
    """The lines `name: words` at the beginning of a source."""
    words = {}
    for line in source.read_text().splitlines():
        match = re.fullmatch(r"/\* (fails|flags|stub|options|mode): (.*) \*/", line)
        if not match:
            break
        words[match[1]] = match[2].split()
    return words


def build(source, words, folder):
    library = folder / f"{source.stem}.so"
    others = []
    for stub in words.get("stub", [])[:1]:
        subprocess.run(["cc", "-shared", f"-Wl,-soname,{stub}", "-x", "c", "/dev/null", "-o", folder / stub], check=True)
        others.append(folder / f"./{stub}")
    arguments = [str(path) for path in others]
    if arguments:
        arguments = [f"-L{folder}"] + [f"-l:{stub}" for stub in words["stub"][:1]]
    subprocess.run(COMPILER + words.get("flags", []) + [str(source), "-o", str(library)] + arguments, check=True)
    if "absent" in words.get("stub", []):
        others[0].unlink()
    if "mode" in words:
        library.chmod(int(words["mode"][0], 8))
    return library


def check(options, library, extra=()):
    """What `plugin check` says: its exit status, the checks by number, and its error."""
    place = tempfile.mkdtemp(dir=library.parent if os.access(library.parent, os.W_OK) else None)
    command = [options.binary, "plugin", "check", str(library), "--strict", "--format", "json", "--output", place, *extra]
    result = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=300)
    shutil.rmtree(place, ignore_errors=True)
    if not result.stdout:
        return result.returncode, {}, result.stderr.strip()
    checks = json.loads(result.stdout)["checks"]
    return result.returncode, {one["number"]: one for one in checks}, result.stderr.strip()


def told(checks):
    return {number for number, one in checks.items() if one["status"] in ("failed", "note")}


def described(checks, numbers):
    lines = []
    for number in sorted(numbers):
        for finding in checks.get(number, {}).get("findings", []):
            lines.append(f"    {number} {finding['scorer']}: {finding['message'][:200]} | {str(finding['given'])[:200]}")
    return "\n".join(lines)


def run_faulty(options, source, folder):
    words = head(source)
    place = folder / source.stem
    place.mkdir()
    begin = time.time()
    library = build(source, words, place)
    given = words.get("options", [])
    timeout = [] if "--plugin-timeout" in given else ["--plugin-timeout", "2"]
    status, checks, error = check(options, library, timeout + given)
    expected, found = set(words["fails"]), told(checks)
    if status == 1 and expected == found:
        return None, time.time() - begin
    words = f"expected {sorted(expected)}, found {sorted(found)}, exit status {status} {error[-300:]}"
    return f"{source.stem}: {words}\n{described(checks, expected ^ found)}", time.time() - begin


def run_good(options, path):
    begin = time.time()
    status, checks, error = check(options, pathlib.Path(path).resolve())
    if status == 0 and checks:
        return None, time.time() - begin
    return f"{path}: exit status {status} {error[-300:]}\n{described(checks, told(checks))}", time.time() - begin


def main():
    options = parsed()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="evalhost-faulty-"))
    folder.chmod(0o755)
    sources = sorted(HERE.glob("*.c"))
    if options.names:
        sources = [source for source in sources if source.stem in options.names]
    failed, slowest = 0, (0.0, "")
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        if options.good:
            names, jobs = options.good, [pool.submit(run_good, options, path) for path in options.good]
        else:
            names = [source.stem for source in sources]
            jobs = [pool.submit(run_faulty, options, source, folder) for source in sources]
        for name, job in zip(names, jobs):
            problem, seconds = job.result()
            slowest = max(slowest, (seconds, name))
            if problem:
                failed += 1
                print(problem, flush=True)
    shutil.rmtree(folder, ignore_errors=True)
    kind = "good" if options.good else "faulty"
    print(f"{len(names)} {kind} plugins, {failed} not as expected; the slowest was {slowest[1]} with {slowest[0]:.1f} s")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
