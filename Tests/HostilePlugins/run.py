#!/usr/bin/env python3
"""Runs every hostile plugin under the built evalhost, and compares what its rows say with manifest.json.

Usage: run.py [--binary PATH] [--plugins DIR] [--runs N] [--jobs N] [--as-user] [--without-landlock] [NAME …]

--plugins   the folder that build.sh filled
--runs      how often each is run
--as-user   as an ordinary user instead of root
Exit status 0 if all passed; the last line counts them.
"""
import argparse
import concurrent.futures
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
DEADLINE = 1.0
CODES = {"refused", "create"}


def parsed():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", default=str(HERE.parent.parent / ".build/release/evalhost"))
    parser.add_argument("--plugins", required=True)
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--as-user", action="store_true")
    parser.add_argument("--without-landlock", action="store_true")
    parser.add_argument("names", nargs="*")
    return parser.parse_args()


def rows_of(entry):
    rows = entry.get("rows", {})
    count, now = rows.get("count", 300), rows.get("now", [137])
    return count, set(now)


def outputs(index):
    return "answer " * (index % 40) + str(index)


def write_rows(path, count, now):
    with open(path, "w", encoding="utf-8") as file:
        for index in range(count):
            inputs = {"do": "now"} if index in now else {"do": "nothing"}
            file.write(json.dumps({"inputs": inputs, "outputs": outputs(index)}) + "\n")


def plain(index):
    return len(outputs(index).encode()) % 1000


def matches(words, text):
    return all(any(part in text for part in word.split("|")) for word in words)


def value_fits(wanted, value, index):
    if wanted == "plain":
        return value == plain(index)
    return value in (wanted if isinstance(wanted, list) else [wanted])


def judge_row(expected, feedback, index):
    """Why a row "now" isn't as expected; None if it is."""
    error = feedback.get("error")
    if "error" in expected:
        if not error:
            return f"row {index}: value {feedback.get('value')}, expected {expected['error']}"
        if error["code"] not in expected["error"].split("|"):
            return f"row {index}: {error['code']} ({error['message']}), expected {expected['error']}"
        if not matches(expected.get("words", []), error["message"]):
            return f"row {index}: {error['message']!r} lacks one of {expected['words']}"
        return None
    if "value" not in expected:
        return f"row {index}: has a result, expected {expected}"
    if error:
        return f"row {index}: {error['code']} ({error['message']}), expected value {expected['value']}"
    if not value_fits(expected["value"], feedback["value"], index):
        return f"row {index}: value {feedback['value']}, expected {expected['value']}"
    if "denied" in expected:
        denied = (feedback.get("metadata") or {}).get("evalhost.sandbox", {}).get("denied", [])
        wanted = expected["denied"]
        if not all(any(part in denied for part in word.split("|")) for word in wanted):
            return f"row {index}: denied {denied}, expected {wanted}"
        allowed = {part for word in wanted for part in word.split("|")}
        if set(denied) - allowed:
            return f"row {index}: denied {denied}, expected only {wanted}"
    return None


def judge(expected, now, count, result, scorer):
    """Why an outcome isn't the expected one; None if it is."""
    for key in ("refused", "create"):
        if key in expected:
            words = expected[key] if isinstance(expected[key], list) else [expected[key]]
            if result.returncode == 0 or result.stdout:
                return f"it was not refused (exit {result.returncode})"
            return None if matches(words, result.stderr) else f"{result.stderr!r} lacks one of {words}"
    if result.returncode not in (0, 3):
        return f"exit {result.returncode}: {result.stderr[-400:]!r}"
    lines = result.stdout.splitlines()
    if len(lines) != count:
        return f"{len(lines)} rows came out of {count}"
    for index, line in enumerate(lines):
        feedback = json.loads(line)["feedback"][scorer]
        if index in now:
            problem = judge_row(expected, feedback, index)
            if problem:
                return problem
        elif feedback.get("error") or feedback["value"] != plain(index):
            return f"row {index}, which is innocent: {feedback}"
    return None


def workers():
    found = set()
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as file:
                if file.read().startswith(b"evalhost-worker\0"):
                    found.add(pid)
        except OSError:
            continue
    return found


class Runner:
    def __init__(self, options):
        self.options = options
        self.place = pathlib.Path(tempfile.mkdtemp(prefix="evalhost-hostile-"))
        self.place.chmod(0o755)
        binary = pathlib.Path(options.binary).resolve()
        # Where an ordinary user can reach them.
        for program in ("evalhost", "evalhost-worker"):
            shutil.copy(binary.parent / program, self.place / program)
        self.prefix = []
        if options.as_user:
            self.prefix = ["setpriv", "--reuid=1000", "--regid=1000", "--clear-groups", "--inh-caps=-all", "--no-new-privs"]

    def run(self, entry):
        source = pathlib.Path(entry["source"]).stem
        library = pathlib.Path(self.options.plugins) / f"{source}.so"
        if not library.exists():
            return "skipped"
        folder = pathlib.Path(tempfile.mkdtemp(dir=self.place))
        folder.chmod(0o755)
        (folder / "plugins").mkdir()
        shutil.copy(library, folder / "plugins" / library.name)
        (folder / "home").mkdir()
        if self.options.as_user:
            os.chown(folder / "home", 1000, 1000)
        count, now = rows_of(entry)
        write_rows(folder / "rows.jsonl", count, now)
        environment = {"PATH": os.environ["PATH"], "HOME": str(folder / "home"), "SECRET_KEY": "secret of the host"}
        if self.options.without_landlock:
            environment["EVALHOST_WITHOUT_LANDLOCK"] = "1"
        command = self.prefix + [
            str(self.place / "evalhost"), "score", "--plugins", "plugins", "--data", "rows.jsonl",
            "--plugin-timeout", str(DEADLINE), "--max-errors", "100%",
        ]
        try:
            result = subprocess.run(
                command, cwd=folder, env=environment, capture_output=True, timeout=120, text=True, errors="replace"
            )
        except subprocess.TimeoutExpired:
            return "it did not end within 120 s"
        problem = judge(entry, now, count, result, source)
        for other in [entry.get("or")] if isinstance(entry.get("or"), dict) else entry.get("or") or []:
            if problem and judge(other, now, count, result, source) is None:
                problem = None
        left = [name for name in os.listdir(folder) if name not in ("plugins", "rows.jsonl", "home")]
        if problem is None and left:
            problem = f"it left {left} behind"
        shutil.rmtree(folder, ignore_errors=True)
        return problem


def main():
    options = parsed()
    entries = json.loads((HERE / "manifest.json").read_text())["plugins"]
    if options.names:
        entries = [entry for entry in entries if entry["name"] in options.names]
    if options.without_landlock:
        entries = [entry for entry in entries if "landlock" not in str(entry.get("needs", ""))]
    before = workers()
    runner = Runner(options)
    passed = failed = skipped = 0
    for number in range(options.runs):
        with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
            start = time.time()
            for entry, problem in zip(entries, pool.map(runner.run, entries)):
                if problem is None:
                    passed += 1
                elif problem == "skipped":
                    skipped += 1
                else:
                    failed += 1
                    print(f"{entry['name']}: {problem}", flush=True)
            print(f"run {number + 1} of {options.runs}: {time.time() - start:.0f} s", flush=True)
    left = workers() - before
    for _ in range(50):
        if not left:
            break
        time.sleep(0.1)
        left = workers() - before
    if left:
        failed += 1
        print(f"workers are left: {sorted(left)}")
    shutil.rmtree(runner.place, ignore_errors=True)
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
