#!/bin/bash
# Runs the client's tests against MLflow's own server, or against the one at the address that is given:
#
#     run.sh [URL [pytest's options…]]        such as   run.sh http://127.0.0.1:5000 test_otlp.py -k gzip
#
# The environment is made where MLFLOW_CLIENT_VENV says, outside of the checkout, and kept for the next time.
set -euo pipefail
cd "$(dirname "$0")"

environment=${MLFLOW_CLIENT_VENV:-${XDG_CACHE_HOME:-$HOME/.cache}/evalhost/mlflow-client}
if ! cmp -s requirements.txt "$environment/requirements.txt"; then
    python3 -m venv --clear "$environment"
    "$environment/bin/pip" install --quiet --requirement requirements.txt
    cp requirements.txt "$environment/requirements.txt"
fi

case ${1:-} in
    http://* | https://*) export MLFLOW_CLIENT_SERVER=$1 && shift ;;
    "") shift $(($# > 0)) ;;
esac
export PYTHONDONTWRITEBYTECODE=1
exec "$environment/bin/python" -m pytest -p no:cacheprovider -q --no-header --tb=short "$@"
