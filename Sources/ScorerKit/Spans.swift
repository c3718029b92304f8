// The spans of a row's trace.

import CEvalHost

/// Spans in the order of their starts, so that a parent stands before its children.
///
///     let calls = row.spans(toolCalls)
///     for index in 0..<calls.count where calls[index].status == .error { … }
public struct Spans: ~Escapable {
    private let base: UnsafePointer<evalhost_span>?
    /// How many there are.
    public let count: Int

    @_lifetime(immortal)
    init(_ field: evalhost_field) {
        if field.kind == EVALHOST_KIND_SPANS, let items = unsafe field.items {
            unsafe base = unsafe items.assumingMemoryBound(to: evalhost_span.self)
            count = Int(field.count)
        } else {
            unsafe base = nil
            count = 0
        }
    }

    /// A span.
    ///
    /// - Parameter index: From 0 to ``count`` - 1.
    public subscript(index: Int) -> TraceSpan {
        @_lifetime(copy self)
        get {
            guard let base = unsafe base, index >= 0, index < count else { preconditionFailure("no such span") }
            return unsafe _overrideLifetime(TraceSpan(base + index), copying: self)
        }
    }
}

/// One span of a row's trace.
///
/// Payloads that weren't declared are empty; those that were are JSON.
public struct TraceSpan: ~Escapable {
    private let span: UnsafePointer<evalhost_span>

    @_lifetime(immortal)
    init(_ span: UnsafePointer<evalhost_span>) { unsafe self.span = span }

    /// How a span ended.
    public enum Status: Sendable {
        /// It isn't said.
        case unset
        /// Well.
        case ok
        /// With an error.
        case error
    }

    /// The index of the parent in the same ``Spans``; nil where none of its ancestors is there.
    public var parent: Int? { unsafe span.pointee.parent >= 0 ? Int(span.pointee.parent) : nil }
    /// How it ended.
    public var status: Status {
        switch unsafe span.pointee.status {
        case EVALHOST_SPAN_OK: .ok
        case EVALHOST_SPAN_ERROR: .error
        default: .unset
        }
    }
    /// When it started, in Unix nanoseconds.
    public var startNanoseconds: Int64 { unsafe span.pointee.start_ns }
    /// When it ended, in Unix nanoseconds; 0 if it hasn't.
    public var endNanoseconds: Int64 { unsafe span.pointee.end_ns }
    /// Its id, for ``Score/about(spanID:)``.
    public var id: Text { @_lifetime(copy self) get { view(unsafe span.pointee.id) } }
    /// Such as `TOOL` or `RETRIEVER`.
    public var type: Text { @_lifetime(copy self) get { view(unsafe span.pointee.type) } }
    /// Its name.
    public var name: Text { @_lifetime(copy self) get { view(unsafe span.pointee.name) } }
    /// What went in, as JSON.
    public var inputs: Text { @_lifetime(copy self) get { view(unsafe span.pointee.inputs) } }
    /// What came out, as JSON.
    public var outputs: Text { @_lifetime(copy self) get { view(unsafe span.pointee.outputs) } }
    /// Attributes, as a JSON object.
    public var attributes: Text { @_lifetime(copy self) get { view(unsafe span.pointee.attributes) } }
    /// Events, as a JSON array.
    public var events: Text { @_lifetime(copy self) get { view(unsafe span.pointee.events) } }

    @_lifetime(copy self)
    private func view(_ text: evalhost_text) -> Text { unsafe _overrideLifetime(Text(text), copying: self) }
}
