// Agreement of raters against scikit-learn, statsmodels and krippendorff; reference/agreement.py wrote their values.

import EvalJSON
import EvalReports
import Foundation
import Testing

@Suite struct RaterAgreementTests {
    private static let cases: [JSON] = {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("reference/agreement.json")
        let json = (try? Data(contentsOf: path)).flatMap { try? JSON(parsing: Array($0)) } ?? .null
        return Array(json.elements)
    }()

    private static func agreement(_ reference: JSON) -> RaterAgreement {
        let raters = (reference["ratings"] ?? .null).elements.map { Array($0.elements) }
        let units = (raters.first ?? []).indices
            .map { unit in
                raters.map { rater in rater[unit].unlessNull.map { Rating($0.canonical, number: $0.number) } }
            }
        return RaterAgreement(raters: raters.indices.map { "r\($0)" }, units: units)
    }

    private static func isClose(_ value: Double?, _ reference: JSON?) -> Bool {
        guard let expected = reference?.number else { return value == nil }
        return value.map { abs($0 - expected) < 1e-12 } ?? false
    }

    @Test("there are references")
    func references() { #expect(Self.cases.count == 11) }

    @Test("all figures are those of the libraries", arguments: cases.indices)
    func figures(_ place: Int) {
        let reference = Self.cases[place]
        let agreement = Self.agreement(reference)
        let name = Comment(rawValue: reference["name"]?.string ?? "")
        #expect(Self.isClose(agreement.rawAgreement, reference["raw"]), name)
        #expect(Self.isClose(agreement.fleissKappa, reference["fleiss"]), name)
        for level in RatingLevel.allCases {
            let alpha = agreement.krippendorffAlpha(level)
            #expect(Self.isClose(alpha, reference["alpha"]?[level.rawValue]), "\(name) \(level) \(alpha ?? .nan)")
        }
        for first in agreement.raters.indices {
            for second in agreement.raters.indices where first != second {
                let kappa = agreement.pair(first, second).kappa
                #expect(Self.isClose(kappa, reference["cohen"]?[first]?[second]), "\(name) \(first) \(second)")
            }
        }
    }

    @Test("without ratings, or with one rater, there is nothing to say")
    func nothing() {
        let alone = RaterAgreement(raters: ["a"], units: [[Rating("yes")], [Rating("no")]])
        #expect(alone.rawAgreement == nil && alone.fleissKappa == nil && alone.krippendorffAlpha() == nil)
        #expect(alone.sharedUnits == 0 && alone.completeUnits == 2)
        let apart = RaterAgreement(raters: ["a", "b"], units: [[Rating("yes"), nil], [nil, Rating("no")]])
        let pair = apart.pair(0, 1)
        #expect(pair.units == 0 && pair.agreement == nil && pair.kappa == nil && apart.rawAgreement == nil)
    }
}
