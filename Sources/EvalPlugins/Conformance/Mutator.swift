// Rows, sessions and configurations that are made up: each is decided by the seed, and keeps to what is declared.

internal import EvalCore
internal import EvalJSON

/// Makes things up for one scorer.
struct Mutator {
    private let scorer: ScorerUnderTest
    private let maker: RowMaker
    private let pool: [JSON]
    private let lists: [JSON]
    private var generator: SeededGenerator

    init(_ scorer: ScorerUnderTest, _ generator: SeededGenerator) {
        self.scorer = scorer
        self.generator = generator
        maker = RowMaker(scorer)
        pool = maker.ordinary
        lists = scorer.fields.first { $0.steps == nil }.map { OddValues.spans($0.spanTypes) } ?? []
    }

    /// A row, or for a scorer of sessions a session.
    mutating func given() -> ConformanceCase.Given {
        guard scorer.scoresSessions else { return .row(row()) }
        return .session((0..<Int.random(in: 1...12, using: &generator)).map { _ in row() })
    }

    /// An ordinary row with one to four changes.
    mutating func row() -> JSON {
        var row = pick(pool) ?? maker.plain
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
            guard let field = pick(scorer.fields) else { return row }
            row = maker.set(field, value(field, in: row), in: row)
        }
        return row
    }

    /// A configuration within what is declared.
    mutating func configuration() -> JSON {
        var configuration = scorer.configuration
        for setting in scorer.descriptor.settings where Bool.random(using: &generator) {
            configuration = configuration.replacing([.key(Text(setting.key))], with: value(setting)) ?? configuration
        }
        return configuration
    }

    private mutating func pick<Element>(_ list: [Element]) -> Element? { list.randomElement(using: &generator) }

    private mutating func chance(_ one: Int) -> Bool { Int.random(in: 0..<one, using: &generator) == 0 }

    private mutating func value(_ field: FieldDeclaration, in row: JSON) -> JSON? {
        if field.isOptional, chance(5) { return chance(2) ? nil : .null }
        guard let steps = field.steps else { return spans(field, row["spans"]) }
        switch field.form {
        case .text:
            if chance(12) { return pick(OddValues.json) }
            let now = JSONPath(steps: steps).value(in: row)?.string ?? ""
            return JSON(text(now))
        case .integer: return JSON(integer())
        case .number: return JSON(number())
        case .boolean: return JSON(Bool.random(using: &generator))
        case .json: return json(JSONPath(steps: steps).value(in: row) ?? [:], depth: 0)
        }
    }

    private mutating func integer() -> Int64 {
        chance(2) ? Int64.random(in: -1_000...1_000, using: &generator) : pick(OddValues.integers) ?? 0
    }

    private mutating func number() -> Double {
        if chance(2) { return Double.random(in: -1_000...1_000, using: &generator) }
        let drawn = Double(bitPattern: generator.next())
        return chance(2) && drawn.isFinite ? drawn : pick(OddValues.numbers) ?? 0
    }

    /// Another text: cut, spliced, repeated, or with something odd in it.
    private mutating func text(_ now: String) -> String {
        var scalars = Array(now.unicodeScalars.prefix(20_000))
        for _ in 0..<Int.random(in: 1...3, using: &generator) {
            let from = Int.random(in: 0...scalars.count, using: &generator)
            let to = Int.random(in: from...scalars.count, using: &generator)
            switch Int.random(in: 0..<7, using: &generator) {
            case 0: scalars.removeSubrange(from..<to)
            case 1: scalars.insert(contentsOf: (pick(OddValues.texts) ?? "").unicodeScalars.prefix(400), at: from)
            case 2: scalars.insert(contentsOf: (pick(RowMaker.sentences) ?? "").unicodeScalars, at: from)
            case 3:
                let part = scalars[from..<to].prefix(200)
                for _ in 0..<Int.random(in: 1...40, using: &generator) { scalars.insert(contentsOf: part, at: from) }
            case 4:
                for _ in 0..<8 { scalars.insert(scalar(), at: Int.random(in: 0...scalars.count, using: &generator)) }
            case 5: scalars = Array(scalars.prefix(to))
            default: scalars.insert("\u{0}", at: from)
            }
        }
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }

    private mutating func scalar() -> Unicode.Scalar {
        let ranges: [ClosedRange<UInt32>] = [0...0x7F, 0x80...0x24F, 0x300...0x36F, 0x4E00...0x9FFF, 0x1F300...0x1FAFF]
        let range = pick(ranges) ?? 0...0x7F
        return Unicode.Scalar(UInt32.random(in: range, using: &generator)) ?? " "
    }

    /// Another value: a leaf changed, a member more, a level more.
    private mutating func json(_ now: JSON, depth: Int) -> JSON {
        if depth > 6 || chance(4) { return pick(OddValues.json) ?? now }
        switch now.kind {
        case .object:
            var members = now.members.map { (String($0.key), $0.value) }
            if chance(2) || members.isEmpty {
                members.append((text("key"), pick(OddValues.json) ?? .null))
            } else {
                let place = Int.random(in: 0..<members.count, using: &generator)
                if chance(4) {
                    members.remove(at: place)
                } else {
                    members[place].1 = json(members[place].1, depth: depth + 1)
                }
            }
            return .object(members)
        case .array:
            var elements = Array(now.elements)
            guard !elements.isEmpty else { return [now] }
            let place = Int.random(in: 0..<elements.count, using: &generator)
            switch Int.random(in: 0..<3, using: &generator) {
            case 0: elements.remove(at: place)
            case 1: elements.insert(elements[place], at: 0)
            default: elements[place] = json(elements[place], depth: depth + 1)
            }
            return .array(elements)
        case .string: return JSON(text(now.string ?? ""))
        case .integer: return JSON(integer())
        case .number: return JSON(number())
        case .boolean, .null: return chance(2) ? [now] : JSON(integer())
        }
    }

    private mutating func spans(_ field: FieldDeclaration, _ now: JSON?) -> JSON {
        if now == nil || chance(6) { return pick(lists) ?? [] }
        var spans = Array((now ?? []).elements)
        guard !spans.isEmpty else { return [RowMaker.span(0, type: field.spanTypes.first ?? "TOOL")] }
        let place = Int.random(in: 0..<spans.count, using: &generator)
        switch Int.random(in: 0..<5, using: &generator) {
        case 0: spans.remove(at: place)
        case 1: spans.shuffle(using: &generator)
        case 2:
            let parent = Int.random(in: 999...(1_001 + spans.count), using: &generator)
            spans[place] = spans[place].replacing([.key("parent")], with: JSON(parent)) ?? spans[place]
        case 3:
            spans[place] = spans[place].replacing([.key("start_ns")], with: JSON(integer())) ?? spans[place]
        default:
            let key: Text = pick(["outputs", "inputs", "attributes"]) ?? "outputs"
            let value = json(spans[place][key] ?? [:], depth: 0)
            spans[place] = spans[place].replacing([.key(key)], with: value) ?? spans[place]
        }
        return .array(spans)
    }

    private mutating func value(_ setting: Setting) -> JSON? {
        let range = setting.range ?? -1e6...1e6
        let (low, high) = (max(range.lowerBound, -1e15), min(range.upperBound, 1e15))
        switch setting.kind {
        case .boolean: return JSON(Bool.random(using: &generator))
        case .integer:
            let (least, greatest) = (Int64(low.rounded(.up)), Int64(high.rounded(.down)))
            return least <= greatest ? JSON(Int64.random(in: least...greatest, using: &generator)) : nil
        case .number: return low <= high ? JSON(Double.random(in: low...high, using: &generator)) : nil
        case .choice(let words): return pick(words).map { JSON($0) }
        case .text: return JSON(text(setting.defaultValue?.string ?? ""))
        case .texts: return .array((0..<Int.random(in: 0...4, using: &generator)).map { _ in JSON(text("a")) })
        case .json: return json(setting.defaultValue ?? [:], depth: 0)
        }
    }
}
