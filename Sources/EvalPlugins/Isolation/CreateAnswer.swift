// What came of making an instance.

internal import CEvalHost
internal import EvalCore

/// The answer to `create`, as a worker gives it.
struct CreateAnswer {
    /// Why there is no instance; nil if there is one.
    let refusal: String?
    /// The setting at fault.
    let setting: Int?

    init(_ sheet: Sheet) {
        let said = String(decoding: sheet.message, as: UTF8.self)
        refusal = sheet.status == EVALHOST_OK ? nil : said.isEmpty ? "it can't be made with this configuration" : said
        let isSetting = sheet.first?.kind == EVALHOST_KIND_INTEGER
        setting = isSetting ? sheet.first.flatMap { Int(exactly: $0.integer) } : nil
    }
}
