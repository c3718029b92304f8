// What the reference values can't say: limits, rationales, checks that are ours, and the initialisers.

import EvalCore
import EvalJSON
import Foundation
import Testing

@testable import EvalScorers

@Suite struct ScorersTests {
    @Test("the initialisers of a program read like sentences")
    func initialisers() throws {
        #expect(ExactMatch(ignoreCase: true).matches("A", "a"))
        #expect(ExactMatch(normalize: .whitespace).matches(" a  b", "a b"))
        #expect(try Contains("a", "b", mode: .any).score(Row.make("xb")) == .boolean(true))
        #expect(try ResponseLength(2...3).score(Row.make("abcd")) == .yesNo(false, rationale: "4 chars"))
        #expect(try ResponseLength(...3, unit: .words).score(Row.make("a b")) == .yesNo(true, rationale: "2 words"))
        #expect(try ResponseLength(3...).score(Row.make("ab")) == .yesNo(false, rationale: "2 chars"))
        #expect(try RegexMatch("^a", caseInsensitive: true).matches("Ab"))
        #expect(PIIDetection([.email]).types(in: "a@b.org 10.0.0.1") == [.email])
        #expect(TokenF1.f1("the cat", "cat") == 1)
    }

    @Test("a runaway pattern is the row's error, and the next row is scored")
    func runaway() async throws {
        let scorer = try RegexMatch("^(a|a)*$")
        let long = JSON(String(repeating: "a", count: 40) + "b")
        let verdicts = await scorer.score([try Row.make(long), try Row.make("aa")])
        guard case .errored(let error) = verdicts[0] else { throw Unexpected(verdict: verdicts[0]) }
        #expect(error.code == "pattern_limit")
        #expect(!error.message.contains("aaa"))
        #expect(verdicts[1] == .yesNo(true))
    }

    @Test("a pattern that is slow at every place of a long text comes to an end")
    func slowEverywhere() throws {
        let scorer = try RegexMatch("(x*)(x*)[yz]")
        let text = Text(String(repeating: "x", count: 300_000))
        #expect { try scorer.matches(text) } throws: { ($0 as? ScorerError)?.code == "pattern_limit" }
    }

    @Test("a long text is searched to its end, whatever its characters")
    func longText() throws {
        for filler in ["x", "é", "日", "😀"] {
            let text = Text(String(repeating: filler, count: 70_000) + "!")
            #expect(try RegexMatch("!$").matches(text))
            #expect(try RegexMatch("(?<=\(filler))!").matches(text))
            #expect(try RegexMatch(".*!", matching: .fullmatch).matches(text))
            #expect(try !RegexMatch("[?]$").matches(text))
            #expect(try !RegexMatch("^!").matches(text))
        }
    }

    @Test("a pattern is used by many tasks at once")
    func concurrency() async throws {
        let scorer = try RegexMatch(#"\b(\w+)7$"#)
        let right = await withTaskGroup(of: Bool.self) { group in
            for number in 0..<200 {
                group.addTask { (try? scorer.matches(Text("number \(number)"))) == (number % 10 == 7 && number > 9) }
            }
            return await group.reduce(true) { $0 && $1 }
        }
        #expect(right)
    }

    @Test("the rationale names the types in the order of the settings, and never what was found")
    func rationale() throws {
        let row = try Row.make("Call 555-123-4567 or ann@example.org")
        let verdict = try PIIDetection([.phone, .email, .ssn]).score(row)
        #expect(verdict == .yesNo(false, rationale: "found phone, email"))
        #expect(try PIIDetection().score(Row.make("nothing")) == .yesNo(true))
    }

    @Test(
        "an IBAN needs right check digits and a place of its own",
        arguments: [
            ("DE89 3704 0044 0532 0130 00", true), ("GB82WEST12345698765432", true),
            ("pay to NO93 8601 1117 947 now", true), ("BE68 5390 0754 7034 PLEASE", true),
            ("MT84MALT011000012345MTLCAST001S", true), ("(FR14 2004 1010 0505 0001 3M02 606)", true),
            ("DE88 3704 0044 0532 0130 00", false), ("de89370400440532013000", false),
            ("XDE89370400440532013000", false), ("DE89370400440532013000X", false), ("DE89", false), ("", false),
        ]
    )
    func iban(text: String, isThere: Bool) {
        #expect(PIIDetection([.iban]).types(in: Text(text)) == (isThere ? [.iban] : []))
        #expect(!PIIDetection().types(in: Text(text)).contains(.iban))
    }

    @Test("a needle is found at every place of a text, whatever its case")
    func everyPlace() throws {
        for length in 1...40 {
            let needle = String(repeating: "Ab", count: 20).prefix(length)
            for before in 0..<40 {
                let text = String(repeating: "z", count: before) + needle.uppercased() + "z"
                let row = try Row.make(JSON(text))
                #expect(try Contains(String(needle), ignoreCase: true).score(row) == .boolean(true))
                #expect(try Contains(needle + "?", ignoreCase: true).score(row) == .boolean(false))
            }
        }
    }

    @Test("words are counted alike in ASCII and beyond, at every length")
    func wordCount() throws {
        let scorer = ResponseLength(0..., unit: .words)
        var text = ""
        for number in 0..<200 {
            text += number % 7 == 3 ? "  \n" : number % 3 == 0 ? " " : "w"
            let ascii = scorer.length(of: Text(text))
            #expect(ascii == scorer.length(of: Text(text.replacing("w", with: "é"))))
            #expect(ascii == text.split { " \n".contains($0) }.count)
        }
    }

    @Test("the shortcuts to a character's class are right for all of Unicode")
    func characterClasses() {
        let wrong = (0x80...0x10FFFF).compactMap { Unicode.Scalar($0 as UInt32) }
            .filter { CharacterClass.of($0) != CharacterClass.byProperties($0) }
        #expect(wrong.isEmpty)
    }

    @Test("what is known to be its own compatibility form is, alone and behind any letter")
    func stableScalars() {
        let stable = (0x80...0x10FFFF).compactMap { Unicode.Scalar($0 as UInt32) }.filter(NFKC.isStable)
        let wrong = stable.filter { scalar in
            scalar.properties.canonicalCombiningClass != .notReordered
                || !["", "e", "\u{1100}", "\u{AC00}", "か", "α"]
                    .allSatisfy { before in
                        let text = before + String(scalar)
                        return text.precomposedStringWithCompatibilityMapping.unicodeScalars.elementsEqual(
                            text.unicodeScalars
                        )
                    }
        }
        #expect(wrong.isEmpty)
    }

    @Test("the compatibility form is made where the text changes, and nowhere else")
    func compatibilityForm() {
        let pieces = [
            "e", "\u{301}", "é", "ﬁ", "\u{A0}", "…", "“", "か", "\u{3099}", "\u{1100}", "\u{1161}", "\u{11A8}", "가", "Å",
            "ａ", "\u{323}", "😀", "½",
        ]
        var state: UInt64 = 5
        for _ in 0..<2000 {
            let text = (0..<12)
                .map { _ in
                    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                    return pieces[Int(state >> 33) % pieces.count]
                }
                .joined()
            #expect(Array(text.utf8).nfkc == Array(text.precomposedStringWithCompatibilityMapping.utf8), "\(text)")
        }
    }

    @Test("a needle that is almost everywhere is searched for in linear time")
    func badNeedle() throws {
        let text = Text(String(repeating: "a", count: 4 << 20))
        let needle = String(repeating: "a", count: 1 << 19) + "b" + String(repeating: "a", count: 1 << 19)
        #expect(!text.contains(Text(needle)))
        let verdict = try Contains(needle, ignoreCase: true).score(Row.make(JSON(String(text))))
        #expect(verdict == .boolean(false))
    }

    struct Unexpected: Error { let verdict: Verdict }
}
