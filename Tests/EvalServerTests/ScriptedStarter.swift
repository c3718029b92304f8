// Evaluations and scorers that tests make up.

import EvalCore
import EvalJSON
import Foundation

/// A starter whose evaluations go as the test says.
actor ScriptedStarter: EvaluationStarter {
    private(set) var orders: [EvaluationOrder] = []
    private var shown: [StartedEvaluation] = []

    func suites() -> [SuiteListing] {
        [
            SuiteListing(name: "support", experiment: "Default", data: "dataset:support", scorers: ["exact_match"]),
            SuiteListing(name: "broken", experiment: "", data: nil, scorers: [], fault: "it has no scorer"),
        ]
    }

    func start(_ order: EvaluationOrder) throws -> StartedEvaluation {
        guard order.suite == "support" else { throw Refusal.missing("there is no suite '\(order.suite)'") }
        if case .dataset("gone") = order.rows { throw Diagnostic("there is no data set 'gone'", help: "Make it.") }
        orders.append(order)
        let started = StartedEvaluation(
            run: .make(),
            runName: order.runName ?? "made-up",
            suite: order.suite,
            data: order.rows?.text ?? "dataset:support",
            expectedRows: 10,
            orderedMilliseconds: 1_800_000_000_000
        )
        shown.append(started)
        return started
    }

    func evaluations() -> [StartedEvaluation] { shown.reversed() }

    func evaluation(_ run: PublicID) -> StartedEvaluation? { shown.first { $0.run == run } }

    func stop(_ run: PublicID) -> StartedEvaluation? {
        change(run) {
            $0.state = .interrupted
            $0.reason = "it was stopped"
        }
        return evaluation(run)
    }

    /// Lets an evaluation go on.
    func change(_ run: PublicID, _ body: @Sendable (inout StartedEvaluation) -> Void) {
        for place in shown.indices where shown[place].run == run { body(&shown[place]) }
    }
}

/// A shelf with one built-in scorer and one of a plugin.
struct SmallShelf: ScorerShelf {
    func descriptors() -> [ScorerDescriptor] {
        [
            ScorerDescriptor("exact_match", help: "Equal", reads: ["outputs"], value: .boolean),
            ScorerDescriptor(
                "similarity",
                version: "2",
                origin: .plugin(library: "edit", version: "2.0", digest: Digest(of: [1])),
                help: "Alike",
                reads: ["outputs"],
                value: .number
            ),
        ]
    }

    func libraries() -> (found: [LibraryListing], refused: [Diagnostic]) {
        let library = LibraryListing(
            name: "edit",
            version: "2.0",
            file: "Plugins/edit.so",
            digest: Digest(of: [1]),
            scorers: ["similarity"],
            runsInProcess: false,
            isTrusted: true,
            permissions: ["threads:2"]
        )
        return ([library], [Diagnostic("it is no library", at: .init(file: "Plugins/broken.so"))])
    }

    func check(_ judge: JudgeDefinition) throws(Diagnostic) {
        if judge.name == "exact_match" { throw Diagnostic("the judge 'exact_match' has the name of a built-in scorer") }
    }
}
