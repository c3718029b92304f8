// Where an answer cites something: in square brackets, alone or several with commas or semicolons between them.

/// The citations of an answer, in their order.
///
/// In brackets stands a citation if each part, between commas and semicolons, is a number, the id of a retrieved document,
/// or looks like an id: without white space, with a digit or one of `-_/:#`. So `[sic]`, `[…]` and `[see below]` are prose, and
/// `[text](address)` is a link. `[^1]` is `[1]`, and `[2-4]` is three citations unless it is an id itself.
func citations(in answer: String, knowing ids: [String: Int]) -> [String] {
    var found: [String] = []
    let text = Array(answer.utf8)
    var at = 0
    while let start = text[at...].firstIndex(of: UInt8(ascii: "[")) {
        at = start + 1
        guard let end = text[at...].firstIndex(where: { $0 == UInt8(ascii: "]") || $0 == UInt8(ascii: "[") }),
            text[end] == UInt8(ascii: "]")
        else { continue }
        let isLink = end + 1 < text.count && text[end + 1] == UInt8(ascii: "(")
        if !isLink { found += parts(String(decoding: text[at..<end], as: UTF8.self), ids) }
        at = end + 1
    }
    return found
}

/// The citations in one pair of brackets; none if there is something else in it.
private func parts(_ inside: String, _ ids: [String: Int]) -> [String] {
    if ids[inside] != nil { return [inside] }
    var found: [String] = []
    for part in inside.split(whereSeparator: { $0 == "," || $0 == ";" }) {
        var word = part.drop { $0 == " " }
        while word.last == " " { word.removeLast() }
        if word.first == "^" { word.removeFirst() }
        guard ids[String(word)] == nil else {
            found.append(String(word))
            continue
        }
        guard looksLikeID(word) else { return [] }
        found += range(word) ?? [String(word)]
    }
    return found
}

private func looksLikeID(_ word: Substring) -> Bool {
    !word.contains { $0.isWhitespace }
        && word.contains { ("0"..."9").contains($0) || "-_/:#".contains($0) }
        && word.contains { $0.isLetter || $0.isNumber }
}

/// The numbers of `2-4`, with a hyphen or a dash.
private func range(_ word: Substring) -> [String]? {
    let ends = word.split(omittingEmptySubsequences: false) { $0 == "-" || $0 == "–" }
    guard ends.count == 2, let first = Int(ends[0]), let last = Int(ends[1]), first < last, last - first < 100 else {
        return nil
    }
    return (first...last).map(String.init)
}
