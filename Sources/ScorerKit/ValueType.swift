// What a scorer's values look like.

/// The type of a value, with its bounds or labels.
///
/// Values outside are the row's error; they are never clamped.
public struct ValueType: Sendable {
    enum Kind: Sendable { case boolean, integer, number, label, text, object }
    let kind: Kind
    var minimum: Double?
    var maximum: Double?
    var labels: [String] = []

    private init(_ kind: Kind) { self.kind = kind }

    /// True or false.
    public static let boolean = ValueType(.boolean)
    /// Any integer of 64 bits.
    public static let integer = ValueType(.integer)
    /// Any finite number.
    public static let number = ValueType(.number)
    /// A text.
    public static let text = ValueType(.text)
    /// A JSON object.
    public static let object = ValueType(.object)

    /// A number between bounds, both included.
    ///
    /// - Parameter range: The bounds.
    /// - Returns: The type.
    public static func number(_ range: ClosedRange<Double>) -> ValueType {
        var type = ValueType(.number)
        type.minimum = range.lowerBound
        type.maximum = range.upperBound
        return type
    }

    /// A number that isn't less than a bound.
    ///
    /// - Parameter range: The bound: `0...`.
    /// - Returns: The type.
    public static func number(_ range: PartialRangeFrom<Double>) -> ValueType {
        var type = ValueType(.number)
        type.minimum = range.lowerBound
        return type
    }

    /// An integer between bounds, both included.
    ///
    /// - Parameter range: The bounds.
    /// - Returns: The type.
    public static func integer(_ range: ClosedRange<Int>) -> ValueType {
        var type = ValueType(.integer)
        type.minimum = Double(range.lowerBound)
        type.maximum = Double(range.upperBound)
        return type
    }

    /// One of some labels.
    ///
    /// - Parameter labels: Without the characters `/ : = , @ |`, since metrics are named after them.
    /// - Returns: The type.
    public static func category(_ labels: [String]) -> ValueType {
        var type = ValueType(.label)
        type.labels = labels
        return type
    }
}
