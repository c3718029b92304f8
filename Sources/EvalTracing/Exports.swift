// The words of evalhost that a traced program needs, so that one import is enough. Not all of EvalCore: its Span is another
// one than Tracing's.

@_exported public import struct EvalCore.SpanType
@_exported public import struct EvalCore.TokenUsage
@_exported public import struct EvalJSON.JSON
