// A request as the handlers see it: arguments by name, wherever they travelled.

internal import EvalCore
internal import EvalJSON
internal import HTTPTypes
internal import NIOCore

/// A request, checked against what its endpoint takes.
struct APIRequest: Sendable {
    /// What the path, the query and the body say, by name; the path wins over the body, the body over the query.
    var arguments: JSON
    /// The headers.
    var headers: HTTPFields
    /// The body's bytes as they came, decompressed.
    var body: ByteBuffer
    /// Values of the query in their order, for those that repeat.
    var query: [(name: String, value: String)]
    /// Who asks.
    var principal: Principal

    /// A text; nil where it is absent.
    func text(_ name: String) -> String? { arguments[name]?.string }

    /// A text that must be there and not be empty.
    func required(_ name: String) throws(APIError) -> String {
        guard let text = text(name), !text.isEmpty else {
            throw .invalid("Missing value for required parameter '\(name)'.")
        }
        return text
    }

    /// A whole number, from a number or digits in a text; nil where it is absent.
    func integer(_ name: String) -> Int64? { arguments[name]?.wireInteger }

    /// A number, from a number or a text; nil where it is absent.
    func number(_ name: String) -> Double? { arguments[name]?.wireNumber }

    /// A truth value; in a query the words `true` and `false` in any case.
    func boolean(_ name: String) -> Bool? {
        guard let value = arguments[name] else { return nil }
        if let boolean = value.boolean { return boolean }
        return value.string.flatMap { Bool($0.lowercased()) }
    }

    /// The elements of a list; none where it is absent.
    func list(_ name: String) -> [JSON] { arguments[name].map { Array($0.elements) } ?? [] }

    /// The texts of a list, or of a query's values of that name.
    func texts(_ name: String) -> [String] {
        let listed = list(name).compactMap(\.string)
        return listed.isEmpty ? query.filter { $0.name == name }.map(\.value) : listed
    }

    /// How many results a page may have.
    ///
    /// - Parameters:
    ///   - name: The argument that says it.
    ///   - standard: How many where nobody says.
    ///   - most: How many at most.
    /// - Returns: The number.
    /// - Throws: A number below 1 or above `most`.
    func pageSize(_ name: String = "max_results", standard: Int, most: Int) throws(APIError) -> Int {
        guard let size = integer(name) else { return standard }
        guard size >= 1, size <= most else {
            throw .invalid("Invalid value \(size) for parameter '\(name)' supplied: It must be between 1 and \(most).")
        }
        return Int(size)
    }
}

extension JSON {
    /// A whole number as protobuf's JSON has it: a number, or digits in a text.
    var wireInteger: Int64? {
        integer ?? string.flatMap { Int64($0) } ?? number.flatMap { Int64(exactly: $0) }
    }

    /// A number as protobuf's JSON has it.
    var wireNumber: Double? { number ?? string.flatMap(Double.init(wire:)) }
}
