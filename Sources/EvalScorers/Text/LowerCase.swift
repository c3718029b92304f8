// Lower case and NFKC of any text, as Python computes them. These make copies; ASCII never comes here.

internal import EvalJSON
internal import Foundation

extension [UInt8] {
    /// The lower-cased text: Unicode's full mapping with its rule for a sigma at the end of a word.
    ///
    /// `String.lowercased()` has no such rule, and Python's `str.lower` has.
    var lowercased: [UInt8] {
        let scalars = String(decoding: self, as: UTF8.self).unicodeScalars
        var result: [UInt8] = []
        result.reserveCapacity(count)
        for place in scalars.indices {
            let scalar = scalars[place]
            if scalar.isASCII {
                result.append(UInt8(scalar.value).lowercasedASCII)
            } else if scalar == "\u{3A3}" {
                result.append(contentsOf: (scalars.hasFinalSigma(at: place) ? "\u{3C2}" : "\u{3C3}").utf8)
            } else {
                result.append(contentsOf: scalar.properties.lowercaseMapping.utf8)
            }
        }
        return result
    }

    /// The text in Unicode's compatibility form.
    var nfkc: [UInt8] {
        Array(String(decoding: self, as: UTF8.self).precomposedStringWithCompatibilityMapping.utf8)
    }
}

extension String.UnicodeScalarView {
    /// Unicode's condition Final_Sigma: a letter before and none after, whatever marks are between.
    fileprivate func hasFinalSigma(at place: Index) -> Bool {
        guard self[..<place].last(where: { !$0.properties.isCaseIgnorable })?.properties.isCased == true else {
            return false
        }
        let next = self[index(after: place)...].first { !$0.properties.isCaseIgnorable }
        return next?.properties.isCased != true
    }
}

extension Text {
    /// The lower-cased text.
    var lowercased: Text {
        Text(String(decoding: Array(self).lowercased, as: UTF8.self))
    }
}
