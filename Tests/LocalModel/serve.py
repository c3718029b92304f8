"""Serves a GGUF file by the server that xllamacpp brings: serve.py PORT FILE, run by serve.sh.

Prints `ready URL SECONDS` once it answers, and ends on SIGTERM or SIGINT.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import time

import xllamacpp

NAME = "smollm2"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def number(name: str, otherwise: int) -> int:
    return int(os.environ.get(name) or otherwise)


def parameters(port: int, weights: str) -> xllamacpp.CommonParams:
    given = xllamacpp.CommonParams()
    given.model.path = weights
    given.model_alias = [NAME]
    given.hostnames = ["127.0.0.1"]
    given.port = port
    given.n_ctx = number("CONTEXT", 8192)
    given.n_parallel = number("SLOTS", 4)
    # Its threads wait for each other by spinning: where one lacks its processor for a moment, all stand. On two
    # processors that others use too, two threads took ten times as long as one.
    threads = number("THREADS", max(1, (os.cpu_count() or 1) - 1))
    given.cpuparams.n_threads = given.cpuparams_batch.n_threads = threads
    given.n_gpu_layers = 0
    # The model's own chat template, and nothing from the network.
    given.use_jinja = given.offline = True
    given.ui = False
    given.verbosity = 0
    return given


def main() -> None:
    if len(sys.argv) != 3:
        sys.exit((__doc__ or "").splitlines()[0])
    # Before the server starts its threads, so that none of them gets the signal: this one waits for it.
    signals = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    began = time.monotonic()
    server = xllamacpp.Server(parameters(int(sys.argv[1]) or free_port(), sys.argv[2]))
    print(f"ready {server.listening_address} {time.monotonic() - began:.2f}", flush=True)
    signal.sigwait(signals)
    # The server's threads wait for requests for ever.
    os._exit(0)


main()
