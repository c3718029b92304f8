import EvalCore
import EvalJSON
import Testing

@Suite struct JudgeDefinitionTests {
    static let full: JSON = [
        "name": "is_polite", "help": "The answer is polite.",
        "instructions": "Is {{ outputs }} polite to {{ inputs.user.name }}, given {{ expectations }}?",
        "value": ["type": "category", "labels": [["label": "polite", "meaning": "kind words"], "rude"]],
        "examples": [["outputs": "Get lost", "result": "rude", "rationale": "an insult"]],
        "model": ["openai:/a", "anthropic:/b"], "parameters": ["temperature": 0.5],
        "endpoint": ["base_url": "http://127.0.0.1:1"], "vote": "majority", "samples": 3, "max_steps": 7,
        "pass": "polite",
    ]

    @Test("a judge is what its object says, and is written as it was read")
    func roundTrip() throws {
        let judge = try JudgeDefinition(Self.full)
        #expect(judge.json == Self.full)
        #expect(try JudgeDefinition(judge.json) == judge)
        #expect(judge.instructions.variables.map(\.description) == ["outputs", "inputs.user.name", "expectations"])
        #expect(judge.models == ["openai:/a", "anthropic:/b"])
        #expect(judge.samples == 3 && judge.maxSteps == 7)
        #expect(judge.pass == .labels(["polite"]))
        #expect(judge.result == .value(.category([JudgeLabel("polite", meaning: "kind words"), JudgeLabel("rude")])))
        #expect(!judge.judgesSessions && !judge.walksTrace)
    }

    @Test("what is not given is usual: yes or no, the run's model, one answer")
    func defaults() throws {
        let judge = try JudgeDefinition(["name": "j", "instructions": "{{ outputs }}?"])
        #expect(judge.result == .value(.yesNo))
        #expect(judge.models.isEmpty && judge.samples == 1 && judge.maxSteps == 30 && judge.vote == nil)
        #expect(judge.json == ["name": "j", "instructions": "{{ outputs }}?", "value": "yes_no"])
        let nulls = try JudgeDefinition([
            "name": "j", "instructions": "{{ outputs }}?", "model": .null, "pass": .null, "examples": .null,
            "vote": .null,
        ])
        #expect(nulls == judge)
    }

    @Test("two ways of writing one judge have one digest; another order of labels or fields is another judge")
    func digests() throws {
        func digest(_ value: JSON, model: JSON = .null) throws -> Digest {
            try JudgeDefinition(["name": "j", "instructions": "{{ outputs }}?", "value": value, "model": model]).digest
        }
        #expect(try digest("yes_no") == digest(["type": "yes_no"]))
        #expect(try digest(["a", "b"]) == digest(["type": "category", "labels": ["a", "b"]]))
        #expect(try digest(["a", "b"]) != digest(["b", "a"]))
        #expect(try digest("yes_no", model: "openai:/m") == digest("yes_no", model: ["openai:/m"]))
        #expect(try digest("yes_no", model: "openai:/m") != digest("yes_no"))
        let one: JSON = ["fields": ["tone": "yes_no", "length": ["type": "integer", "min": 1, "max": 5]]]
        let same: JSON = [
            "fields": [
                ["name": "tone", "type": "yes_no"], ["name": "length", "type": "integer", "min": 1, "max": 5],
            ]
        ]
        let other: JSON = ["fields": ["length": ["type": "integer", "min": 1, "max": 5], "tone": "yes_no"]]
        #expect(try digest(one) == digest(same))
        #expect(try digest(one) != digest(other))
    }

    @Test(
        "what is wrong is said, with the key that a file has for it",
        arguments: [
            (
                #"{"instruction": "x"}"#, "unknown key 'instruction' in a judge; did you mean 'instructions'?",
                "instruction"
            ),
            (#"{"instructions": "{{ outputs }}"}"#, "a judge needs 'name'", "name"),
            (
                #"{"name": "Is Polite", "instructions": "{{ outputs }}"}"#, "the judge's name 'Is Polite' must be",
                "name"
            ),
            (#"{"name": "j"}"#, "a judge needs 'instructions'", "instructions"),
            (#"{"name": "j", "instructions": 7}"#, "'instructions' must be a text", "instructions"),
            (
                #"{"name": "j", "instructions": "Is it polite?"}"#, "the instructions of 'j' name nothing to judge",
                "instructions"
            ),
            (
                #"{"name": "j", "instructions": "{{ output }}?"}"#,
                "unknown variable '{{ output }}' in the instructions; did you mean 'outputs'?", "instructions"
            ),
            (
                #"{"name": "j", "instructions": "{{ input.question }}?"}"#,
                "unknown variable '{{ input.question }}' in the instructions; did you mean 'inputs'?", "instructions"
            ),
            (
                #"{"name": "j", "instructions": "{{ outputs"}"#,
                "the variable '{{ outputs' in the instructions doesn't end with '}}'", "instructions"
            ),
            (
                #"{"name": "j", "instructions": "{{ inputs..x }}"}"#, "the variable '{{ inputs..x }}' can't be read",
                "instructions"
            ),
            (#"{"name": "j", "instructions": "{{ trace.spans }}"}"#, "'{{ trace }}' has no parts", "instructions"),
            (
                #"{"name": "j", "instructions": "{{ conversation }} {{ outputs }}"}"#,
                "'{{ conversation }}' can't stand beside '{{ outputs }}'", "instructions"
            ),
            (
                #"{"name": "j", "instructions": "{{ outputs }}", "value": "boolen"}"#,
                "unknown type 'boolen' of 'value'; did you mean 'boolean'?", "value"
            ),
            (
                #"{"name": "j", "instructions": "{{ outputs }}", "value": {"type": "number"}}"#,
                "a number needs 'min' and 'max'", "value"
            ),
            (
                #"{"name": "j", "instructions": "{{ outputs }}", "value": {"type": "integer", "min": 5, "max": 1}}"#,
                "'min' must be below 'max', these are 5 and 1", "value"
            ),
            (
                #"{"name": "j", "instructions": "{{ outputs }}", "value": {"type": "integer", "min": 1.5, "max": 3}}"#,
                "an integer needs whole numbers", "value"
            ),
            (
                #"{"name": "j", "instructions": "{{ outputs }}", "value": {"type": "yes_no", "min": 1}}"#,
                "unknown key 'min' in a value of the type yes_no", "value"
            ),
            (
                #"{"name": "j", "instructions": "{{ outputs }}", "value": ["good", "bad", "Good"]}"#,
                "the label 'Good' is there twice", "value"
            ),
            (
                #"{"name": "j", "instructions": "{{ outputs }}", "value": ["good"]}"#,
                "'labels' must have two labels at least", "value"
            ),
            (
                #"{"name": "j", "instructions": "{{ outputs }}", "value": ["a|b", "c"]}"#,
                "a label must have 1 to 128 bytes",
                "value"
            ),
            (
                #"{"name": "j", "instructions": "{{ outputs }}", "value": {"fields": []}}"#,
                "'fields' must have 1 to 32 fields", "value"
            ),
            (
                #"{"name": "j", "instructions": "{{ outputs }}", "value": {"fields": {"A": "yes_no"}}}"#,
                "the field's name 'A' must be", "value"
            ),
            (
                #"{"name": "j", "instructions": "{{ outputs }}", "examples": [{"outputs": "x"}]}"#,
                "an example needs a 'result'", "examples"
            ),
            (
                #"{"name": "j", "instructions": "{{ outputs }}", "examples": [{"outputs": "x", "result": "maybe"}]}"#,
                "the 'result' of an example is no value that 'j' may give", "examples"
            ),
            (
                #"{"name": "j", "instructions": "{{ outputs }}", "examples": [{"output": "x", "result": "no"}]}"#,
                "unknown key 'output' in an example of 'j'; did you mean 'outputs'?", "examples"
            ),
            (
                #"{"name": "j", "instructions": "{{ outputs }}", "examples": [{"result": "no"}]}"#,
                "an example of 'j' has none of: outputs", "examples"
            ),
            (
                #"{"name": "j", "instructions": "{{ trace }}", "examples": [{"result": "no"}]}"#,
                "a judge that is told nothing but a trace has no examples", "examples"
            ),
            (
                #"{"name": "j", "instructions": "{{ outputs }}", "model": "gpt"}"#, "the model 'gpt' has no provider",
                "model"
            ),
            (
                #"{"name": "j", "instructions": "{{ outputs }}", "model": []}"#, "'model' must be a text or a list",
                "model"
            ),
            (
                #"{"name": "j", "instructions": "{{ outputs }}", "parameters": {"top_p": 2}}"#, "'top_p' must be",
                "parameters"
            ),
            (
                #"{"name": "j", "instructions": "{{ outputs }}", "endpoint": "http://x"}"#,
                "'endpoint' must be an object",
                "endpoint"
            ),
            (
                #"{"name": "j", "instructions": "{{ outputs }}", "vote": "mean"}"#,
                "the vote 'mean' doesn't fit a yes/no value of 'j'", "vote"
            ),
            (
                #"{"name": "j", "instructions": "{{ outputs }}", "vote": "majorty"}"#,
                "unknown vote 'majorty'; did you mean 'majority'?", "vote"
            ),
            (
                #"{"name": "j", "instructions": "{{ outputs }}", "samples": 0}"#, "'samples' must be a whole number",
                "samples"
            ),
            (
                #"{"name": "j", "instructions": "{{ trace }}", "max_steps": 1.5}"#,
                "'max_steps' must be a whole number",
                "max_steps"
            ),
            (
                #"{"name": "j", "instructions": "{{ outputs }}", "value": ["good", "bad"], "pass": "goood"}"#,
                "'j' never says 'goood', so that no row could pass by it; did you mean 'good'?", "pass"
            ),
            (
                #"{"name": "j", "instructions": "{{ outputs }}", "value": ["good", "bad"], "pass": ">= 0.5"}"#,
                "'pass' of 'j' must be labels", "pass"
            ),
            (
                #"{"name": "j", "instructions": "{{ outputs }}", "value": ["good", "bad"], "pass": "yes"}"#,
                "'j' never says 'yes'", "pass"
            ),
        ] as [(String, String, String?)]
    )
    func wrong(source: String, message: String, setting: String?) throws {
        let json = try JSON(parsing: source)
        #expect {
            try JudgeDefinition(json)
        } throws: {
            let diagnostic = $0 as? Diagnostic
            return diagnostic?.description.hasPrefix(message) == true && diagnostic?.setting == setting
        }
    }

    @Test("a judge that isn't an object is refused")
    func noObject() {
        #expect(throws: Diagnostic("a judge is an object, this is an array")) { try JudgeDefinition([1]) }
    }

    @Test("braces around anything but a word are text, and so are lone braces")
    func braces() throws {
        let template = try JudgeTemplate(#"{{"a": 1}} { } {{ }} {{ outputs }}{{outputs}} {{inputs."a b"[0]}} }}"#)
        #expect(
            template.pieces.map { piece in
                switch piece {
                case .text(let text): text
                case .variable(let variable): "<\(variable)>"
                }
            } == [#"{{"a": 1}} { } {{ }} "#, "<outputs>", "<outputs>", " ", #"<inputs."a b"[0]>"#, " }}"]
        )
        #expect(template.variables.count == 2)
    }

    @Test("values are read in their kind, and nothing else is taken for them")
    func values() {
        #expect(JudgeValue.yesNo.feedback("Yes") == .text("yes"))
        #expect(JudgeValue.yesNo.feedback(false) == .text("no"))
        #expect(JudgeValue.yesNo.feedback("maybe") == nil)
        #expect(JudgeValue.boolean.feedback("true") == nil)
        #expect(JudgeValue.integer(1...5).feedback(3.0) == .integer(3))
        #expect(JudgeValue.integer(1...5).feedback(3.5) == nil)
        #expect(JudgeValue.integer(1...5).feedback(6) == nil)
        #expect(JudgeValue.number(0...1).feedback(1) == .number(1))
        #expect(JudgeValue.number(0...1).feedback(1.1) == nil)
        #expect(JudgeValue.category([JudgeLabel("a"), JudgeLabel("b")]).feedback("c") == nil)
    }

    @Test("judges of conversations and of traces are told by their variables")
    func kinds() throws {
        let session = try JudgeDefinition(
            name: "s",
            instructions: "{{ conversation }} against {{ expectations.goal }}"
        )
        #expect(session.judgesSessions && !session.walksTrace)
        let trace = try JudgeDefinition(name: "t", instructions: "{{ trace }} for {{ inputs }}")
        #expect(trace.walksTrace && !trace.judgesSessions)
    }
}
