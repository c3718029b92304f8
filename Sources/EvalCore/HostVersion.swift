// The product's version, in one place.

/// The version of evalhost.
public enum HostVersion {
    /// `MAJOR.MINOR.PATCH`.
    public static let current = "0.1.0"
}
