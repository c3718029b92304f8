// What a library says of itself, copied out of its memory: what is cached, checked against and shown.

internal import CEvalHost

/// A library and its scorers.
public struct PluginDescription: Sendable, Equatable {
    /// The library's name.
    public var name: String
    /// The library's version.
    public var version: String
    /// Who wrote it; empty if it isn't said.
    public var author: String
    /// Its licence; empty if it isn't said.
    public var licence: String
    /// Its scorers, in its own order.
    public var scorers: [Scorer]
    /// The permissions that it would like to have.
    public var requests: [Request] = []

    /// A permission that a library asks for.
    public struct Request: Sendable, Equatable {
        /// As ``PluginPermission`` spells it.
        public var permission: String
        /// Why, for people.
        public var reason: String
    }

    /// A scorer of a library.
    public struct Scorer: Sendable, Equatable {
        /// What the scorer may give beside its own value has a name; its own has none.
        public var value: Value
        /// The scorer's name.
        public var name: String { value.name }
        /// The fields that it reads, as it declared them.
        public var reads: String
        /// The further values.
        public var feedbacks: [Value]
        /// Its settings.
        public var settings: [Setting]
        /// `EVALHOST_THREAD_SAFE` and the others.
        public var flags: UInt32
    }

    /// A declared value: a scorer's own, or a further feedback.
    public struct Value: Sendable, Equatable {
        /// The scorer's or the feedback's name.
        public var name: String
        /// One line about it.
        public var help: String
        /// `EVALHOST_KIND_…`; missing for a scorer that answers by feedbacks alone.
        public var kind: UInt32
        /// The least value.
        public var minimum: Double?
        /// The greatest value.
        public var maximum: Double?
        /// The labels of a category.
        public var labels: [String]
        /// The unit; empty if there is none.
        public var unit: String
        /// The rule by which a row passes; empty if there is none.
        public var pass: String
        /// Words, separated by commas; empty for the mean.
        public var aggregations: String
        /// `EVALHOST_…_IS_BETTER`.
        public var direction: UInt32
    }

    /// A declared setting.
    public struct Setting: Sendable, Equatable {
        /// The key.
        public var key: String
        /// `EVALHOST_KIND_…`.
        public var kind: UInt32
        /// Whether it may be without a value.
        public var isOptional: Bool
        /// The default as a user would write it; nil for none.
        public var standard: String?
        /// One line about it.
        public var help: String
        /// The least number.
        public var minimum: Double?
        /// The greatest number.
        public var maximum: Double?
        /// The only texts that are allowed; empty for any.
        public var choices: [String]
    }
}

extension PluginDescription {
    /// Whether a word can name a library, a scorer, a feedback or a setting: `[a-z][a-z0-9_]{0,62}`.
    static func isName(_ word: String) -> Bool {
        word.utf8.first.map { $0 >= 0x61 && $0 <= 0x7A } == true && word.utf8.count <= EVALHOST_MAX_NAME_BYTES
            && word.utf8.allSatisfy { ($0 >= 0x61 && $0 <= 0x7A) || ($0 >= 0x30 && $0 <= 0x39) || $0 == 0x5F }
    }

    /// Whether a word can be a label: 1 to 63 bytes without what the names of metrics are made of.
    static func isLabel(_ word: String) -> Bool {
        !word.isEmpty && word.utf8.count <= 63
            && word.unicodeScalars.allSatisfy { !"/:=,@|".unicodeScalars.contains($0) && $0.value >= 32 }
    }
}
