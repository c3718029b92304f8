// The parts of a suite that are more than a word: scorers, bounds, the application.

internal import EvalCore
internal import EvalJSON

extension Suite {
    /// Adds metrics with their bounds.
    mutating func addBounds(_ value: YAMLValue, _ what: String) throws(Diagnostic) {
        for (metric, _, value) in try value.entries(of: what) {
            guard let bound = Bound(try value.text("a threshold")) else {
                throw value.error("a threshold is a number or a bound such as '>= 0.8'")
            }
            thresholds.append((Threshold(metric: metric, bound: bound), value.location))
        }
    }

    /// Adds conditions that must not hold.
    mutating func addFailures(_ value: YAMLValue) throws(Diagnostic) {
        for element in value.list {
            guard let threshold = Threshold(failingIf: try element.text("'fail_if'")) else {
                throw element.error("a condition is a metric and a bound, such as 'latency/p90 > 800'")
            }
            thresholds.append((threshold, element.location))
        }
    }
}

extension ScorerSpec {
    /// Reads a scorer: a name, or one name with its configuration.
    init(_ value: YAMLValue) throws(Diagnostic) {
        if value.isScalar {
            try self.init(try value.text("a scorer"), at: value.location)
            return
        }
        let entries = try value.entries(of: "a scorer")
        guard entries.count == 1, let entry = entries.first else {
            throw value.error(
                "a scorer is a name, or one name with its configuration",
                help: "For example: - contains: { value: refund, ignore_case: true }"
            )
        }
        let configuration = try entry.value.json()
        guard configuration.kind == .object || configuration.isNull else {
            throw entry.value.error("the configuration of '\(entry.key)' must be a mapping")
        }
        try self.init(entry.key, entry: configuration, at: entry.at.location)
        guard configuration.kind == .object else { return }
        for (key, at, _) in try entry.value.entries(of: "a configuration") { places[key] = at.location }
    }
}

extension PredictSection {
    /// Reads the section.
    init(_ value: YAMLValue, path: (YAMLValue, String) throws(Diagnostic) -> String) throws(Diagnostic) {
        self.init()
        location = value.location
        var endpoint: [(String, JSON)] = []
        for (key, at, value) in try value.entries(of: "'predict'") {
            switch key {
            case "model": model = try value.text("'model'")
            case "prompt": prompt = try path(value, "'prompt'")
            case "parameters": parameters = try value.json()
            case _ where key != "headers" && JudgeSection.endpointKeys.contains(key):
                endpoint.append((key, try value.endpointValue(key, path: path)))
            case "command": command = try value.rawText("'command'")
            case "url": url = try value.rawText("'url'")
            case "output_path": outputPath = try value.text("'output_path'")
            case "headers":
                for (name, _, value) in try value.entries(of: "'headers'") {
                    headers[name] = try value.rawText("a header")
                }
            case "concurrency": concurrency = try value.count("'concurrency'", 1...65_536)
            case "processes": processes = try value.count("'processes'", 1...1024)
            case "in_flight": inFlight = try value.count("'in_flight'", 1...65_536)
            default:
                throw at.error(
                    "unknown key '\(key)' in 'predict'",
                    didYouMean: nearestWord(to: key, among: Self.keys),
                    help: "It has: \(Self.keys.joined(separator: ", "))."
                )
            }
        }
        if !endpoint.isEmpty { self.endpoint = .object(endpoint) }
    }
}

extension JudgeSection {
    /// Reads the section.
    init(_ value: YAMLValue, path: (YAMLValue, String) throws(Diagnostic) -> String) throws(Diagnostic) {
        self.init()
        location = value.location
        var endpoint: [(String, JSON)] = []
        for (key, at, value) in try value.entries(of: "'judge'") {
            switch key {
            case "model": model = try value.text("'model'")
            case "cache":
                let words = CacheMode.allCases.map(\.rawValue)
                cache = CacheMode(rawValue: try value.choice("'cache'", words))
            case "parameters": parameters = try value.json()
            case _ where Self.endpointKeys.contains(key):
                endpoint.append((key, try value.endpointValue(key, path: path)))
            default:
                throw at.error(
                    "unknown key '\(key)' in 'judge'",
                    didYouMean: nearestWord(to: key, among: Self.keys),
                    help: key == "api_key"
                        ? "A key never stands in a suite: name its variable with api_key_env, or its file with api_key_file."
                        : "It has: \(Self.keys.joined(separator: ", "))."
                )
            }
        }
        if !endpoint.isEmpty { self.endpoint = .object(endpoint) }
        try check()
    }
}

extension YAMLValue {
    /// The value of a key of an endpoint, as it is written: what a variable in it stands for may be secret.
    func endpointValue(
        _ key: String,
        path: (YAMLValue, String) throws(Diagnostic) -> String
    ) throws(Diagnostic) -> JSON {
        let json: JSON
        switch key {
        case "api_key_file": json = JSON(try path(self, "'api_key_file'"))
        // A variable that isn't there is told at once all the same.
        case "headers":
            for (_, _, header) in try entries(of: "'headers'") { _ = try header.rawText("a header") }
            json = try self.json(expanding: false)
        default: json = try self.json()
        }
        do throws(Diagnostic) {
            try JudgeSection.check(endpoint: .object([(key, json)]))
        } catch {
            throw error.located(location)
        }
        return json
    }

    /// A list of texts; a lone text is a list of one.
    func texts(_ what: String) throws(Diagnostic) -> [String] {
        var texts: [String] = []
        for element in list { texts.append(try element.text(what)) }
        return texts
    }

    /// A whole number in a range.
    func count(_ what: String, _ range: ClosedRange<Int>) throws(Diagnostic) -> Int {
        guard let number = try json().integer, let count = Int(exactly: number), range.contains(count) else {
            let bounds =
                range.upperBound == .max
                ? "from \(range.lowerBound)" : "from \(range.lowerBound) to \(range.upperBound)"
            throw error("\(what) must be a whole number \(bounds)")
        }
        return count
    }

    /// A number of seconds above 0, a year at most.
    func seconds(_ what: String) throws(Diagnostic) -> Double {
        guard let seconds = try json().number, seconds > 0, seconds <= 31_536_000 else {
            throw error("\(what) must be a number of seconds above 0")
        }
        return seconds
    }

    /// An amount of money above 0.
    func amount(_ what: String) throws(Diagnostic) -> Double {
        guard let amount = try json().number, amount > 0, amount.isFinite else {
            throw error("\(what) must be a number of US dollars above 0")
        }
        return amount
    }

    /// A condition on rows.
    func filter(_ what: String) throws(Diagnostic) -> RowFilter {
        do throws(Diagnostic) {
            return try RowFilter(try text(what))
        } catch {
            throw error.located(location)
        }
    }

    /// A rate of calls.
    func rate(_ what: String) throws(Diagnostic) -> CallRate {
        guard let rate = CallRate(try text(what)) else {
            throw error("\(what) must be a rate such as 20/s or 600/m")
        }
        return rate
    }

    /// One of some words.
    func choice(_ what: String, _ words: [String]) throws(Diagnostic) -> String {
        // As it is written: YAML reads `off` as false.
        let word = try rawText(what)
        guard words.contains(word) else {
            throw error(
                "\(what) must be \(words.dropLast().joined(separator: ", ")) or \(words.last ?? "")",
                didYouMean: nearestWord(to: word, among: words)
            )
        }
        return word
    }

    /// True or false.
    func flag(_ what: String) throws(Diagnostic) -> Bool {
        guard let flag = try json().boolean else { throw error("\(what) must be true or false") }
        return flag
    }
}
