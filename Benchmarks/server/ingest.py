"""How many traces a second a server keeps, sent by OTLP over several connections.

    ingest.py URL [--connections 8] [--traces-per-post 20] [--spans 10] [--seconds 10] [--traces N]

Each post is an ExportTraceServiceRequest in protobuf that was made before; when it is sent, its ids are replaced by fresh
ones, so that the client takes next to nothing of the machine. A post counts when its reply has arrived.
"""

import argparse
import http.client
import json
import os
import random
import threading
import time
import urllib.parse
import urllib.request

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest


def template(traces: int, spans: int, second: int) -> tuple[bytes, list[tuple[int, bytes]]]:
    """A request of a second, and where in it are the ids that must be fresh."""
    request = ExportTraceServiceRequest()
    resource = request.resource_spans.add()
    attribute = resource.resource.attributes.add()
    attribute.key, attribute.value.string_value = "service.name", "bench"
    scope = resource.scope_spans.add()
    scope.scope.name = "bench"
    begin = (1_700_000_000 + second) * 1_000_000_000
    marks = []
    for number in range(traces):
        trace_id = b"\xf0TRACE" + number.to_bytes(10, "big")
        marks.append(trace_id)
        now = begin + number * 40_000_000
        for step in range(spans):
            span = scope.spans.add()
            span.trace_id = trace_id
            span.span_id = (step + 1).to_bytes(8, "big")
            if step:
                span.parent_span_id = (1).to_bytes(8, "big")
            span.name = "answer" if step == 0 else f"step {step}"
            span.start_time_unix_nano = now + step * 1_000_000
            span.end_time_unix_nano = now + step * 1_000_000 + 500_000
            span.status.code = 1
            for key, value in (
                ("mlflow.spanType", '"CHAIN"' if step == 0 else '"TOOL"'),
                ("mlflow.spanInputs", json.dumps({"question": f"What is the capital of country {number}?"})),
                ("mlflow.spanOutputs", json.dumps({"answer": "The capital is a city that has a river. " * 2})),
            ):
                pair = span.attributes.add()
                pair.key, pair.value.string_value = key, value
    body = request.SerializeToString()
    places = []
    for mark in marks:
        start = body.find(mark)
        while start >= 0:
            places.append((start, mark))
            start = body.find(mark, start + 1)
    return body, places


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--traces-per-post", type=int, default=20)
    parser.add_argument("--spans", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--traces", type=int, default=1 << 60, help="stops at so many, if that is sooner")
    options = parser.parse_args()
    templates = [template(options.traces_per_post, options.spans, second) for second in range(256)]
    address = urllib.parse.urlsplit(options.url)
    name = json.dumps({"name": f"ingest-{os.getpid()}-{time.time_ns()}"}).encode()
    made = urllib.request.urlopen(
        urllib.request.Request(
            f"{options.url}/api/2.0/mlflow/experiments/create", name, {"Content-Type": "application/json"}
        )
    )
    experiment = json.load(made)["experiment_id"]
    counts, latencies, deadline = [0] * options.connections, [], time.monotonic() + options.seconds

    def send(worker: int) -> None:
        connection = http.client.HTTPConnection(address.hostname, address.port, timeout=120)
        headers = {"Content-Type": "application/x-protobuf", "x-mlflow-experiment-id": experiment}
        while time.monotonic() < deadline and sum(counts) < options.traces:
            body, places = random.choice(templates)
            request = bytearray(body)
            fresh = {}
            for place, mark in places:
                if mark not in fresh:
                    fresh[mark] = os.urandom(16)
                request[place : place + 16] = fresh[mark]
            begun = time.monotonic()
            connection.request("POST", "/v1/traces", bytes(request), headers)
            reply = connection.getresponse()
            reply.read()
            assert reply.status == 200, reply.status
            latencies.append(time.monotonic() - begun)
            counts[worker] += options.traces_per_post

    begun = time.monotonic()
    threads = [threading.Thread(target=send, args=(number,)) for number in range(options.connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.monotonic() - begun
    latencies.sort()
    print(json.dumps({
        "traces": sum(counts), "seconds": round(took, 2), "traces_per_second": round(sum(counts) / took, 1),
        "post_ms_median": round(latencies[len(latencies) // 2] * 1000, 1),
        "post_ms_p99": round(latencies[int(len(latencies) * 0.99)] * 1000, 1), "bytes_per_post": len(templates[0][0]),
        "experiment": experiment,
    }))


if __name__ == "__main__":
    main()
