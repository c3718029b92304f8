// Which keys MLflow's searches know, how each may be compared, and by which a result may be sorted: one value a subject,
// so that the parser has no cases of its own.

public import EvalCore

/// What one of MLflow's searches can ask for.
///
///     let filter = try MLflowSearchGrammar.traces.filter("status = 'OK' AND tags.team = 'search'")
///     let order = try MLflowSearchGrammar.traces.order(["timestamp_ms DESC"])
public struct MLflowSearchGrammar: Sendable {
    /// How a key may be compared.
    struct Rule: Sendable {
        enum Kind: Sendable {
            case text
            case number
            /// Numbers for `<`, `<=`, `>` and `>=`, texts for all else.
            case assessment
            /// A prompt's name, a stroke and its version.
            case prompt
        }

        var kind: Kind
        var comparators: [SearchFilter.Comparator]

        static let number = Rule(kind: .number, comparators: [.equal, .unequal, .below, .atMost, .above, .atLeast])
        /// `=`, `!=`, `LIKE` and `ILIKE`.
        static let text = Rule(kind: .text, comparators: [.equal, .unequal, .like, .caselessLike])
        static let content = Rule(kind: .text, comparators: [.like, .caselessLike])
        static let equality = Rule(kind: .text, comparators: [.equal])
        static let inequality = Rule(kind: .text, comparators: [.equal, .unequal])
        static let prompt = Rule(kind: .prompt, comparators: [.equal])
        static let assessment = Rule(
            kind: .assessment,
            comparators: [
                .equal, .unequal, .below, .atMost, .above, .atLeast, .like, .caselessLike, .matches, .isNull,
                .isNotNull,
            ]
        )

        /// The rule with more comparators.
        func with(_ more: SearchFilter.Comparator...) -> Rule { Rule(kind: kind, comparators: comparators + more) }
    }

    /// A key that has a name of its own.
    struct Key: Sendable {
        var name: String
        var aliases: [String] = []
        /// How a filter may compare it; nil where it is for orders only.
        var rule: Rule?
        /// Whether results may be sorted by it.
        var isOrder = false

        var names: [String] { [name] + aliases }
    }

    /// Keys behind a word and a dot, such as `tags.KEY`.
    struct Family: Sendable {
        /// What it is called, the usual word first.
        var words: [String]
        var entity: SearchFilter.Entity
        var keys: [Key] = []
        /// The rule of all other keys; nil where there are none.
        var others: Rule?
        /// Whether results may be sorted by all other keys.
        var othersOrder = false

        func key(_ name: String) -> Key? { keys.first { $0.names.contains(name) } }
    }

    /// What is searched, for messages: `traces`.
    let subject: String
    /// The families; the first is that of keys without a word.
    let families: [Family]

    /// The family that a word names.
    func family(_ word: String) -> Family? { families.first { $0.words.contains(word) } }

    /// What a filter may name, for messages.
    var filterKeys: [String] {
        families.flatMap { family in
            let named = family.keys.filter { $0.rule != nil }.map(\.name)
            let prefix = family.entity == .attribute ? "" : family.words[0] + "."
            return named.map { prefix + $0 } + (family.others == nil ? [] : [prefix + "KEY"])
        }
    }

    /// What an order may name, for messages.
    var orderKeys: [String] {
        families.flatMap { family in
            let prefix = family.entity == .attribute ? "" : family.words[0] + "."
            return family.keys.filter(\.isOrder).map { prefix + $0.name } + (family.othersOrder ? [prefix + "KEY"] : [])
        }
    }
}

extension MLflowSearchGrammar {
    /// Traces.
    public static let traces: MLflowSearchGrammar = {
        let text = Rule.text.with(.matches)
        let listed = text.with(.among, .notAmong)
        let open = text.with(.isNull, .isNotNull)
        return MLflowSearchGrammar(
            subject: "traces",
            families: [
                Family(
                    words: ["attributes", "attribute", "trace"],
                    entity: .attribute,
                    keys: [
                        Key(name: "request_id", aliases: ["trace_id"], rule: listed, isOrder: true),
                        Key(name: "timestamp_ms", aliases: ["timestamp"], rule: .number, isOrder: true),
                        Key(name: "execution_time_ms", aliases: ["execution_time"], rule: .number, isOrder: true),
                        Key(name: "end_time_ms", aliases: ["end_time"], rule: .number, isOrder: true),
                        Key(name: "status", aliases: ["state"], rule: listed, isOrder: true),
                        Key(name: "name", rule: listed.with(.isNull, .isNotNull), isOrder: true),
                        Key(name: "run_id", rule: listed.with(.isNull, .isNotNull), isOrder: true),
                        Key(name: "client_request_id", rule: listed.with(.isNull, .isNotNull)),
                        Key(name: "prompt", rule: .prompt),
                        Key(name: "text", rule: .content),
                        Key(name: "experiment_id", isOrder: true),
                    ]
                ),
                Family(words: ["tags", "tag"], entity: .tag, others: open, othersOrder: true),
                Family(
                    words: ["metadata", "request_metadata"],
                    entity: .metadata,
                    others: open,
                    othersOrder: true
                ),
                Family(
                    words: ["span"],
                    entity: .span,
                    keys: [
                        Key(name: "name", rule: listed), Key(name: "type", rule: listed),
                        Key(name: "status", rule: listed), Key(name: "content", rule: .content),
                    ]
                ),
                Family(words: ["span.attributes"], entity: .spanAttribute, others: listed),
                Family(words: ["feedback"], entity: .feedback, others: .assessment),
                Family(words: ["expectation"], entity: .expectation, others: .assessment),
                Family(words: ["issue"], entity: .issue, keys: [Key(name: "id", rule: .equality)]),
            ]
        )
    }()

    /// Runs.
    public static let runs: MLflowSearchGrammar = {
        let open = Rule.text.with(.isNull, .isNotNull)
        let data = Rule.text.with(.among, .notAmong)
        return MLflowSearchGrammar(
            subject: "runs",
            families: [
                Family(
                    words: ["attributes", "attribute", "attr", "run"],
                    entity: .attribute,
                    keys: [
                        Key(name: "run_id", rule: data, isOrder: true),
                        Key(
                            name: "run_name",
                            aliases: ["run name", "Run name", "Run Name"],
                            rule: .text,
                            isOrder: true
                        ),
                        Key(name: "status", rule: .text, isOrder: true),
                        Key(name: "user_id", rule: .text, isOrder: true),
                        Key(name: "artifact_uri", rule: .text, isOrder: true),
                        Key(name: "start_time", aliases: ["created", "Created"], rule: .number, isOrder: true),
                        Key(name: "end_time", rule: .number, isOrder: true),
                    ]
                ),
                Family(words: ["metrics", "metric"], entity: .metric, others: .number, othersOrder: true),
                Family(
                    words: ["params", "param", "parameters", "parameter"],
                    entity: .parameter,
                    others: open,
                    othersOrder: true
                ),
                Family(words: ["tags", "tag"], entity: .tag, others: open, othersOrder: true),
                Family(
                    words: ["dataset", "datasets"],
                    entity: .dataset,
                    keys: [
                        Key(name: "name", rule: data), Key(name: "digest", rule: data),
                        Key(name: "context", rule: data),
                    ]
                ),
            ]
        )
    }()

    /// Experiments.
    public static let experiments = MLflowSearchGrammar(
        subject: "experiments",
        families: [
            Family(
                words: ["attribute", "attributes"],
                entity: .attribute,
                keys: [
                    Key(name: "name", rule: .text, isOrder: true),
                    Key(name: "experiment_id", rule: .text.with(.among, .notAmong), isOrder: true),
                    Key(name: "creation_time", rule: .number, isOrder: true),
                    Key(name: "last_update_time", rule: .number, isOrder: true),
                ]
            ),
            Family(words: ["tags", "tag"], entity: .tag, others: .text.with(.isNull, .isNotNull)),
        ]
    )

    /// Registered models, and with them prompts.
    public static let registeredModels = MLflowSearchGrammar(
        subject: "registered models",
        families: [
            Family(
                words: ["attribute", "attributes"],
                entity: .attribute,
                keys: [
                    Key(name: "name", rule: .text.with(.among, .notAmong), isOrder: true),
                    Key(name: "creation_timestamp", isOrder: true),
                    Key(name: "last_updated_timestamp", aliases: ["timestamp"], isOrder: true),
                ]
            ),
            Family(words: ["tags", "tag"], entity: .tag, others: .text),
        ]
    )

    /// Versions of registered models and of prompts.
    public static let modelVersions = MLflowSearchGrammar(
        subject: "model versions",
        families: [
            Family(
                words: ["attribute", "attributes"],
                entity: .attribute,
                keys: [
                    Key(name: "name", rule: .text.with(.among, .notAmong), isOrder: true),
                    Key(name: "version_number", rule: .number, isOrder: true),
                    Key(name: "run_id", rule: .text.with(.among, .notAmong)),
                    Key(name: "source_path", rule: .text),
                    Key(name: "creation_timestamp", isOrder: true),
                    Key(name: "last_updated_timestamp", isOrder: true),
                ]
            ),
            Family(words: ["tags", "tag"], entity: .tag, others: .text),
        ]
    )

    /// Logged models.
    public static let loggedModels: MLflowSearchGrammar = {
        let listed = Rule.text.with(.among, .notAmong)
        return MLflowSearchGrammar(
            subject: "logged models",
            families: [
                Family(
                    words: ["attributes", "attribute"],
                    entity: .attribute,
                    keys: [
                        Key(name: "name", rule: listed, isOrder: true),
                        Key(name: "model_id", rule: listed, isOrder: true),
                        Key(name: "model_type", rule: listed, isOrder: true),
                        Key(name: "status", rule: listed, isOrder: true),
                        Key(name: "source_run_id", rule: listed, isOrder: true),
                        Key(
                            name: "creation_timestamp",
                            aliases: ["creation_time", "creation_timestamp_ms"],
                            rule: .number,
                            isOrder: true
                        ),
                        Key(
                            name: "last_updated_timestamp",
                            aliases: ["last_updated_time", "last_updated_timestamp_ms"],
                            rule: .number,
                            isOrder: true
                        ),
                    ]
                ),
                Family(words: ["metrics", "metric"], entity: .metric, others: .number, othersOrder: true),
                Family(words: ["params", "param", "parameters", "parameter"], entity: .parameter, others: listed),
                Family(words: ["tags", "tag"], entity: .tag, others: listed),
            ]
        )
    }()

    /// Evaluation data sets.
    public static let datasets = MLflowSearchGrammar(
        subject: "data sets",
        families: [
            Family(
                words: ["attribute", "attributes"],
                entity: .attribute,
                keys: [
                    Key(name: "name", rule: .text.with(.among), isOrder: true),
                    Key(name: "created_time", rule: .number, isOrder: true),
                    Key(name: "last_update_time", rule: .number, isOrder: true),
                    Key(name: "created_by", rule: .text),
                    Key(name: "last_updated_by", rule: .text),
                ]
            ),
            Family(words: ["tags", "tag"], entity: .tag, others: .text),
        ]
    )

    /// Issues.
    public static let issues = MLflowSearchGrammar(
        subject: "issues",
        families: [
            Family(
                words: ["attribute", "attributes"],
                entity: .attribute,
                keys: [Key(name: "status", rule: .inequality), Key(name: "source_run_id", rule: .inequality)]
            )
        ]
    )

    /// Filters of figures over traces.
    public static let traceFigures = MLflowSearchGrammar(
        subject: "figures over traces",
        families: [
            Family(words: ["trace"], entity: .attribute, keys: [Key(name: "status", rule: .equality)]),
            Family(words: ["trace.tag"], entity: .tag, others: .equality),
            Family(words: ["trace.metadata"], entity: .metadata, others: .equality),
            Family(
                words: ["span"],
                entity: .span,
                keys: [
                    Key(name: "name", rule: .equality), Key(name: "status", rule: .equality),
                    Key(name: "type", rule: .equality),
                ]
            ),
            Family(
                words: ["assessment"],
                entity: .feedback,
                keys: [Key(name: "name", rule: .equality), Key(name: "type", rule: .equality)]
            ),
        ]
    )
}
