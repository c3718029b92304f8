// Filters and orders of MLflow's searches, from their text to values.

public import EvalCore

extension MLflowSearchGrammar {
    /// Reads a filter: conditions joined by AND.
    ///
    /// - Parameter text: The filter; an empty one finds everything.
    /// - Returns: The conditions, with canonical names of keys.
    /// - Throws: What is wrong, at which column, and what may stand there.
    public func filter(_ text: String?) throws(Diagnostic) -> SearchFilter {
        let text = text ?? ""
        var scanner = MLflowSearchScanner(text, title: "the filter of \(subject)")
        guard text.utf8.count <= Limits.searchFilterBytes else {
            throw Diagnostic(
                "\(scanner.title) is longer than \(Limits.searchFilterBytes) bytes",
                help: "Ask in several searches."
            )
        }
        var conditions: [SearchFilter.Condition] = []
        scanner.skipSpace()
        if scanner.isAtEnd { return SearchFilter() }
        while true {
            guard conditions.count < Limits.searchConditions else {
                throw scanner.refusal("there are more than \(Limits.searchConditions) conditions", at: scanner.place)
            }
            conditions.append(try condition(&scanner))
            scanner.skipSpace()
            if scanner.isAtEnd { return SearchFilter(conditions) }
            guard scanner.take(keyword: "AND") else {
                throw scanner.refusal(
                    "'\(scanner.next)' can't follow a condition",
                    at: scanner.place,
                    help: "Conditions are joined by AND; there is neither OR nor parentheses around conditions."
                )
            }
            scanner.skipSpace()
        }
    }

    /// Reads keys to sort by, each followed by ASC or DESC or neither.
    ///
    /// - Parameter clauses: The clauses, the first one most important.
    /// - Returns: The orders, with canonical names of keys.
    /// - Throws: What is wrong, at which column, and what may stand there.
    public func order(_ clauses: [String]) throws(Diagnostic) -> [SearchOrder] {
        var orders: [SearchOrder] = []
        for clause in clauses { orders.append(try order(clause)) }
        return orders
    }

    private func order(_ clause: String) throws(Diagnostic) -> SearchOrder {
        var scanner = MLflowSearchScanner(clause, title: "the order of \(subject)")
        let help = "Sorted by: \(orderKeys.joined(separator: ", "))."
        scanner.skipSpace()
        let start = scanner.place
        guard let parts = try scanner.parts() else {
            throw scanner.refusal("a key was expected", at: start, help: help)
        }
        let (family, key) = try resolve(parts, at: start, scanner, known: orderKeys, help: help)
        let known = family.key(key)
        guard known?.isOrder ?? family.othersOrder else {
            throw unknown(parts, at: start, scanner, known: orderKeys, help: help)
        }
        var order = SearchOrder(family.entity, known?.name ?? key)
        scanner.skipSpace()
        if scanner.take(keyword: "DESC") {
            order.isAscending = false
        } else {
            _ = scanner.take(keyword: "ASC")
        }
        scanner.skipSpace()
        guard scanner.isAtEnd else {
            throw scanner.refusal("'\(scanner.next)' can't follow here", at: scanner.place, help: "ASC or DESC.")
        }
        return order
    }

    private func condition(_ scanner: inout MLflowSearchScanner) throws(Diagnostic) -> SearchFilter.Condition {
        let help = "Keys: \(filterKeys.joined(separator: ", "))."
        let start = scanner.place
        guard let parts = try scanner.parts() else {
            throw scanner.refusal("a key was expected", at: start, help: help)
        }
        let (family, name) = try resolve(parts, at: start, scanner, known: filterKeys, help: help)
        let key = family.key(name)
        guard let rule = key.map(\.rule) ?? family.others else {
            throw unknown(parts, at: start, scanner, known: filterKeys, help: help)
        }
        let subject = parts.joined(separator: ".")
        let comparator = try comparator(&scanner, rule, subject)
        let value = try value(&scanner, comparator, rule, subject)
        return SearchFilter.Condition(family.entity, key?.name ?? name, comparator, value)
    }

    /// The family and the key of a name's parts.
    private func resolve(
        _ parts: [String],
        at start: Int,
        _ scanner: MLflowSearchScanner,
        known: [String],
        help: String
    ) throws(Diagnostic) -> (Family, String) {
        if parts.count == 1, let attributes = families.first { return (attributes, parts[0]) }
        for length in [2, 1] where parts.count > length {
            if let family = family(parts[..<length].joined(separator: ".")) {
                return (family, parts[length...].joined(separator: "."))
            }
        }
        throw unknown(parts, at: start, scanner, known: known, help: help)
    }

    private func unknown(
        _ parts: [String],
        at start: Int,
        _ scanner: MLflowSearchScanner,
        known: [String],
        help: String
    ) -> Diagnostic {
        let name = parts.joined(separator: ".")
        return scanner.refusal(
            "'\(name.prefix(60))' is no key",
            at: start,
            didYouMean: nearestWord(to: name, among: known.filter { !$0.hasSuffix(".KEY") }),
            help: help
        )
    }
}

extension MLflowSearchGrammar {
    private func comparator(
        _ scanner: inout MLflowSearchScanner,
        _ rule: Rule,
        _ key: String
    ) throws(Diagnostic) -> SearchFilter.Comparator {
        scanner.skipSpace()
        let start = scanner.place
        let allowed = "`\(key)` takes: \(rule.comparators.map(\.rawValue).joined(separator: ", "))."
        guard let comparator = Self.comparator(&scanner) else {
            var end = scanner
            let found = end.sign() ?? end.next
            let what = found.isEmpty ? "a comparator was expected" : "'\(found)' is no comparator"
            throw scanner.refusal(what, at: start, help: allowed)
        }
        guard rule.comparators.contains(comparator) else {
            throw scanner.refusal("'\(comparator.rawValue)' can't be used with `\(key)`", at: start, help: allowed)
        }
        return comparator
    }

    /// Takes a comparator, or nothing.
    private static func comparator(_ scanner: inout MLflowSearchScanner) -> SearchFilter.Comparator? {
        var ahead = scanner
        if let sign = ahead.sign() {
            guard let comparator = SearchFilter.Comparator(rawValue: sign) else { return nil }
            scanner = ahead
            return comparator
        }
        for comparator in SearchFilter.Comparator.allCases {
            ahead = scanner
            var isTaken = true
            for word in comparator.rawValue.split(separator: " ") where isTaken {
                ahead.skipSpace()
                isTaken = ahead.take(keyword: String(word))
            }
            if isTaken {
                scanner = ahead
                return comparator
            }
        }
        return nil
    }

    private func value(
        _ scanner: inout MLflowSearchScanner,
        _ comparator: SearchFilter.Comparator,
        _ rule: Rule,
        _ key: String
    ) throws(Diagnostic) -> SearchFilter.Value {
        scanner.skipSpace()
        let start = scanner.place
        switch comparator {
        case .isNull, .isNotNull: return .nothing
        case .among, .notAmong: return .texts(try list(&scanner, key))
        default: break
        }
        let isOrdering = [.below, .atMost, .above, .atLeast].contains(comparator)
        if rule.kind == .number || (rule.kind == .assessment && isOrdering) {
            guard let number = scanner.number() else {
                throw scanner.refusal("`\(key)` is compared with a number here, such as 0.5", at: start)
            }
            return .number(number)
        }
        guard let text = try scanner.text() else {
            throw scanner.refusal("`\(key)` is compared with a text in quotes here, such as 'text'", at: start)
        }
        if comparator == .matches {
            do throws(Diagnostic) {
                _ = try SearchExpression(text)
            } catch {
                throw scanner.refusal(error.message, at: start, help: error.help)
            }
        }
        if rule.kind == .prompt {
            let parts = text.split(separator: "/", omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
                throw scanner.refusal("a prompt is named by its name and version, such as 'name/1'", at: start)
            }
        }
        return .text(text)
    }

    private func list(_ scanner: inout MLflowSearchScanner, _ key: String) throws(Diagnostic) -> [String] {
        let help = "`\(key)` takes a list such as ('a', 'b')."
        guard scanner.take("(") else { throw scanner.refusal("'(' was expected", at: scanner.place, help: help) }
        var texts: [String] = []
        repeat {
            scanner.skipSpace()
            // A comma may follow the last text, as MLflow's client writes it for one.
            if !texts.isEmpty, scanner.take(")") { return texts }
            guard let text = try scanner.text() else {
                throw scanner.refusal("a text in quotes was expected", at: scanner.place, help: help)
            }
            texts.append(text)
            guard texts.count <= Limits.searchListTexts else {
                throw scanner.refusal("the list has more than \(Limits.searchListTexts) texts", at: scanner.place)
            }
            scanner.skipSpace()
        } while scanner.take(",")
        guard scanner.take(")") else { throw scanner.refusal("',' or ')' was expected", at: scanner.place, help: help) }
        return texts
    }
}
