// Most members are texts that may be absent; they need say no more than their name and what they are.

extension Field {
    /// A text that may be absent.
    init(_ name: String, _ summary: String) {
        self.init(name, .string, required: false, summary)
    }
}
