// Student's t distribution, as far as intervals need it.

internal import Foundation

/// Student's t distribution.
public enum StudentT {
    /// The number that `probability` of the distribution lies below.
    ///
    /// - Parameters:
    ///   - probability: Above 0 and below 1.
    ///   - degrees: Degrees of freedom, above 0.
    /// - Returns: The quantile, to about 12 digits.
    public static func quantile(_ probability: Double, degrees: Double) -> Double {
        precondition(probability > 0 && probability < 1 && degrees > 0, "outside of the distribution")
        if probability == 0.5 { return 0 }
        if probability < 0.5 { return -quantile(1 - probability, degrees: degrees) }
        // Bisection on a bracket that grows until it holds the quantile: plain, and as exact as the distribution.
        var low = 0.0
        var high = 2.0
        while cumulative(high, degrees: degrees) < probability, high < 1e300 { high *= 2 }
        for _ in 0..<200 {
            let middle = (low + high) / 2
            if middle <= low || middle >= high { break }
            if cumulative(middle, degrees: degrees) < probability { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }

    /// How much of the distribution lies below a number.
    public static func cumulative(_ t: Double, degrees: Double) -> Double {
        let tail = incompleteBeta(degrees / (degrees + t * t), degrees / 2, 0.5) / 2
        return t > 0 ? 1 - tail : tail
    }

    /// The regularised incomplete beta function (NIST Digital Library of Mathematical Functions, 8.17.22), its continued
    /// fraction evaluated by Lentz's method.
    static func incompleteBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
        if x <= 0 { return 0 }
        if x >= 1 { return 1 }
        // The fraction converges quickly on one side of the mean; the other side is its mirror image.
        if x > (a + 1) / (a + b + 2) { return 1 - incompleteBeta(1 - x, b, a) }
        let front = exp(a * log(x) + b * log1p(-x) - (logGamma(a) + logGamma(b) - logGamma(a + b))) / a
        let tiny = 1e-300
        var numerator = 1.0
        var denominator = 1 - (a + b) * x / (a + 1)
        if abs(denominator) < tiny { denominator = tiny }
        denominator = 1 / denominator
        var fraction = denominator
        for step in 1...10_000 {
            let m = Double(step)
            let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
            let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
            var change = 1.0
            for term in [even, odd] {
                denominator = 1 + term * denominator
                if abs(denominator) < tiny { denominator = tiny }
                denominator = 1 / denominator
                numerator = 1 + term / numerator
                if abs(numerator) < tiny { numerator = tiny }
                change = numerator * denominator
                fraction *= change
            }
            if abs(change - 1) < 1e-15 { break }
        }
        return front * fraction
    }

    /// The logarithm of the gamma function of a number above 0.
    ///
    /// The approximation is that of C. Lanczos (1964) with g = 7 and nine terms. The C library's `lgamma` writes a global, which tasks that run at once must not.
    static func logGamma(_ x: Double) -> Double {
        let coefficients = [
            676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
            -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
        ]
        if x < 0.5 { return log(Double.pi / sin(Double.pi * x)) - logGamma(1 - x) }
        let z = x - 1
        var series = 0.99999999999980993
        for (index, coefficient) in coefficients.enumerated() { series += coefficient / (z + Double(index + 1)) }
        let t = z + 7.5
        return 0.5 * log(2 * Double.pi) + (z + 0.5) * log(t) - t + log(series)
    }
}
