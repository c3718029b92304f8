// Unicode's compatibility form (Standard Annex 15). Foundation makes it, for those few places of a text that change.

internal import Foundation

enum NFKC {
    /// Whether a scalar is known to be its own form, and never to change because of what stands before it.
    ///
    /// Others may be so too: they are looked at.
    static func isStable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0...0x9F, 0xC0...0x131, 0x134...0x13E, 0x141...0x148, 0x14A...0x17E: true
        case 0x391...0x3A1, 0x3A3...0x3C9, 0x400...0x45F, 0x5D0...0x5EA, 0x621...0x64A: true
        case 0x2010, 0x2012...0x2016, 0x2018...0x2023, 0x20A0...0x20A7, 0x20A9...0x20BF: true
        case 0x3001...0x3003, 0x3005...0x3020, 0x3041...0x3096, 0x30A1...0x30FE: true
        case 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xAC00...0xD7A3, 0x1F300...0x1F64F: true
        default: false
        }
    }
}

extension [UInt8] {
    /// The text in Unicode's compatibility form.
    var nfkc: [UInt8] {
        withUnsafeBufferPointer { utf8 in
            var result: [UInt8] = []
            result.reserveCapacity(count)
            // Up to where the text is done, and the last stable scalar, which what follows may change.
            var done = 0
            var last = 0
            var at = 0
            while at < utf8.count {
                let (isStable, length) = utf8.stability(at)
                if isStable {
                    last = at
                    at += length
                    continue
                }
                var end = at
                while end < utf8.count {
                    let (isStable, length) = utf8.stability(end)
                    if isStable { break }
                    end += length
                }
                result.append(contentsOf: utf8[done..<last])
                let changing = String(decoding: utf8[last..<end], as: UTF8.self)
                result.append(contentsOf: changing.precomposedStringWithCompatibilityMapping.utf8)
                (done, last, at) = (end, end, end)
            }
            result.append(contentsOf: utf8[done...])
            return result
        }
    }
}

extension UTF8Bytes {
    /// Whether the scalar at a place is stable, and its length.
    fileprivate func stability(_ at: Int) -> (Bool, Int) {
        if self[at] < 0x80 { return (true, 1) }
        let (scalar, length) = scalar(at)
        return (NFKC.isStable(scalar), length)
    }
}
