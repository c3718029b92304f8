// Attributes of spans as JSON.

internal import EvalJSON
internal import Tracing

extension SpanAttributes {
    /// The attributes as an object, keys in their order; nil where there are none.
    var json: JSON? {
        if isEmpty { return nil }
        var members: [(String, JSON)] = []
        forEach { key, value in members.append((key, value.json)) }
        return .object(members.sorted { $0.0 < $1.0 })
    }
}

extension SpanAttribute {
    /// The value as JSON; one of a kind that is yet to come as its text.
    fileprivate var json: JSON {
        switch self {
        case .int32(let value): JSON(Int64(value))
        case .int64(let value): JSON(value)
        case .int32Array(let values): .array(values.map { JSON(Int64($0)) })
        case .int64Array(let values): .array(values.map { JSON($0) })
        case .double(let value): JSON(value)
        case .doubleArray(let values): .array(values.map { JSON($0) })
        case .bool(let value): JSON(value)
        case .boolArray(let values): .array(values.map { JSON($0) })
        case .string(let value): JSON(value)
        case .stringArray(let values): .array(values.map { JSON($0) })
        case .stringConvertible(let value): JSON(value.description)
        case .stringConvertibleArray(let values): .array(values.map { JSON($0.description) })
        default: JSON(String(describing: self))
        }
    }
}
