#!/usr/bin/env bash
# Follows Documentation/writing-scorers.md in an empty folder with the installed product only, and compares what it prints with
# what the page says: `…` stands for anything. Usage: Tests/writing-scorers.sh [PREFIX of an installation]; the blocks in Swift
# are left out, which is said, where there is no toolchain.
set -euo pipefail
unset EVALHOST_WORKER EVALHOST_SDK
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'kill "$endpoint" 2> /dev/null || true; rm -rf "$work"' EXIT
prefix=${1:-$work/prefix}
[ -n "${1:-}" ] || "$root/install.sh" "$root/.build/release/evalhost" "$prefix" > /dev/null
mkfifo "$work/ready"
"$root/Tests/ScriptedEndpoint/endpoint.py" --verdict yes > "$work/ready" &
endpoint=$!
read -r _ url < "$work/ready"
export OPENAI_BASE_URL=$url/v1 OPENAI_API_KEY=sk-not-a-real-key PATH="$prefix/bin:$PATH" XDG_CACHE_HOME=$work/cache
mkdir "$work/folder"
python3 - "$root/Documentation/writing-scorers.md" "$work/folder" <<'PYTHON'
import re, shutil, subprocess, sys

page, folder = sys.argv[1:]
blocks = []  # (line, commands, what they print or None)
kind, lines, start = None, [], 0
for number, line in enumerate(open(page, encoding="utf-8"), 1):
    line = line.rstrip("\n")
    if kind is None and line in ("```sh", "```text"):
        kind, lines, start = line[3:], [], number
    elif line == "```" and kind:
        if kind == "sh":
            blocks.append([start, "\n".join(lines), None])
        else:
            blocks[-1][2] = lines
        kind = None
    elif kind:
        lines.append(line)

has_swift = shutil.which("swift") is not None
mark = "@@ end of a block @@"
script = "set -euo pipefail\n"
left_out = 0
for block in blocks:
    if not has_swift and "loudness" in block[1]:
        left_out += 1
        block[1], block[2] = "", None
    script += block[1] + "\necho '" + mark + "'\n"
open(folder + ".sh", "w").write(script)
ran = subprocess.run(["bash", folder + ".sh"], cwd=folder, text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                     stderr=subprocess.STDOUT)
printed = ran.stdout.split(mark + "\n")


def fits(wanted, got):
    """Whether the lines are the wanted ones; a line `…` stands for any number of lines, in a line it stands for anything."""
    pattern = ""
    for line in wanted:
        if line == "…":
            pattern += "(?:.*\n)*?"
        else:
            pattern += ".*".join(re.escape(part) for part in line.split("…")) + "\n"
    return re.fullmatch(pattern, got) is not None


failed = 0
for index, (line, commands, wanted) in enumerate(blocks):
    got = printed[index] if index < len(printed) else ""
    if index >= len(printed) - 1:
        print(f"{page}:{line}: this block fails:\n{got}", file=sys.stderr)
        sys.exit(1)
    if wanted is not None and not fits(wanted, got):
        failed += 1
        print(f"{page}:{line}: this block prints something else:\n{got}", file=sys.stderr)
if left_out:
    print(f"skipped: {left_out} blocks that need the Swift toolchain", file=sys.stderr)
print(f"{len(blocks) - failed} passed, {failed} failed")
sys.exit(1 if failed else 0)
PYTHON
if grep -rqF sk-not-a-real-key "$work/folder"; then echo "a key was written down" >&2; exit 1; fi
