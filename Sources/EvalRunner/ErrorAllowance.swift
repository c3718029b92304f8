// How many errors a run may have: a number, or a share of its rows.

/// How many errors a run may have.
public struct ErrorAllowance: Sendable, Equatable {
    /// The number or the share.
    public enum Bound: Sendable, Equatable {
        case count(Int)
        /// A share of the rows, in percent.
        case percent(Double)
    }

    /// The number or the share.
    public let bound: Bound

    /// No error is allowed.
    public static let none = ErrorAllowance(.count(0))

    /// Makes an allowance.
    public init(_ bound: Bound) { self.bound = bound }

    /// Reads `5` or `2%`.
    public init?(_ source: String) {
        if source.hasSuffix("%"), let percent = Double(source.dropLast()), percent >= 0, percent <= 100 {
            self.init(.percent(percent))
        } else if let count = Int(source), count >= 0 {
            self.init(.count(count))
        } else {
            return nil
        }
    }

    /// Whether that many errors of so many rows are within the allowance.
    public func allows(_ errors: Int, of rows: Int) -> Bool {
        switch bound {
        case .count(let count): errors <= count
        case .percent(let percent): Double(errors) * 100 <= percent * Double(rows)
        }
    }
}

extension ErrorAllowance: CustomStringConvertible {
    /// The allowance as it is written.
    public var description: String {
        switch bound {
        case .count(let count): String(count)
        case .percent(let percent): (Int64(exactly: percent).map(String.init) ?? percent.description) + "%"
        }
    }
}
