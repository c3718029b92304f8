// What all registries ask of the tables of others.

internal import EvalCore
internal import GRDB

extension Database {
    /// Refuses an experiment that isn't there or is deleted.
    func refuseInactive(experiment: Int64) throws {
        let sql = "SELECT deleted IS NOT NULL FROM experiments WHERE id = ?"
        guard let isDeleted = try first(sql, .integer(experiment), body: { $0.int64(0) != 0 }) else {
            throw Refusal.missing("No Experiment with id=\(experiment) exists.")
        }
        if isDeleted {
            throw Refusal.invalid("The experiment \(experiment) is deleted; restore it first.")
        }
    }

    /// The row's number of what has a public id; nil if there is none.
    ///
    /// `table` is a name of ours.
    func row(of id: PublicID, in table: String) throws -> Int64? {
        try first("SELECT id FROM \(table) WHERE public_id = ?", .id(id)) { $0.int64(0) }
    }
}
