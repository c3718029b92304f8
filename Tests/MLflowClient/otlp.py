"""Requests of OTLP/HTTP by hand, with ids, times and attributes that a test chooses."""

from __future__ import annotations

import os
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, ArrayValue, KeyValue, KeyValueList
from opentelemetry.proto.resource.v1.resource_pb2 import Resource
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans, Span, Status

START = 1_700_000_000_000_000_000


def value(of: Any) -> AnyValue:
    match of:
        case bool():
            return AnyValue(bool_value=of)
        case int():
            return AnyValue(int_value=of)
        case float():
            return AnyValue(double_value=of)
        case str():
            return AnyValue(string_value=of)
        case bytes():
            return AnyValue(bytes_value=of)
        case list():
            return AnyValue(array_value=ArrayValue(values=[value(one) for one in of]))
        case dict():
            return AnyValue(kvlist_value=KeyValueList(values=pairs(of)))
    return AnyValue()


def pairs(of: dict[str, Any]) -> list[KeyValue]:
    return [KeyValue(key=key, value=value(one)) for key, one in of.items()]


def new_trace() -> bytes:
    return os.urandom(16)


def span(
    trace: bytes, name: str = "span", *, span_id: bytes | None = None, parent: bytes = b"", start: int = START,
    milliseconds: int = 100, attributes: dict[str, Any] | None = None, status: tuple[int, str] | None = None, **fields: Any,
) -> Span:
    made = Span(
        trace_id=trace, span_id=span_id or os.urandom(8), parent_span_id=parent, name=name, start_time_unix_nano=start,
        end_time_unix_nano=start + milliseconds * 1_000_000, attributes=pairs(attributes or {}), **fields,
    )
    if status:
        made.status.CopyFrom(Status(code=status[0], message=status[1]))
    return made


def request(*spans: Span, resource: dict[str, Any] | None = None) -> ExportTraceServiceRequest:
    return ExportTraceServiceRequest(resource_spans=[
        ResourceSpans(
            resource=Resource(attributes=pairs({"service.name": "tests", **(resource or {})})),
            scope_spans=[ScopeSpans(spans=list(spans))],
        )
    ])


def name_of(trace: bytes) -> str:
    """The id that MLflow gives to a trace."""
    return f"tr-{trace.hex()}"
