// Gzip between a file and its rows. What begins with gzip's two bytes is inflated, whatever the file is called.

internal import CEvalZlib
internal import EvalCore

/// Inflates what it is given.
struct GzipStream: ~Copyable {
    /// The first bytes of every gzip file.
    static let magic: [UInt8] = [0x1F, 0x8B]

    private let stream: OpaquePointer
    /// Compressed bytes that were read and not used.
    private var pending: [UInt8]
    private var used = 0
    /// Whether a member is open, so that the file must not end here.
    private var isInside = true

    /// Begins with the bytes that told that it is gzip.
    init(_ start: [UInt8]) throws(Diagnostic) {
        guard let stream = ceval_inflate_make() else { throw Diagnostic("there is no memory to inflate gzip") }
        self.stream = stream
        pending = start
    }

    deinit { ceval_inflate_free(stream) }

    /// Inflates some more bytes to `output` from `start` on; 0 at the end.
    ///
    /// - Parameters:
    ///   - output: Where they go.
    ///   - start: The first place that is free.
    ///   - read: Reads compressed bytes; none at the end of the file.
    /// - Returns: How many bytes there are.
    /// - Throws: That the file is damaged or ends early, or what `read` throws.
    mutating func inflate(
        into output: inout [UInt8],
        from start: Int,
        reading read: () throws(Diagnostic) -> [UInt8]
    ) throws(Diagnostic) -> Int {
        while true {
            if used == pending.count {
                pending = try read()
                used = 0
                if pending.isEmpty {
                    if isInside { throw Diagnostic("the gzip data ends early") }
                    return 0
                }
                if !isInside {
                    // Zeros may follow the last member, as tapes leave them.
                    if pending.allSatisfy({ $0 == 0 }) {
                        used = pending.count
                        continue
                    }
                    ceval_inflate_restart(stream)
                    isInside = true
                }
            } else if !isInside {
                if pending[used...].allSatisfy({ $0 == 0 }) {
                    used = pending.count
                    continue
                }
                ceval_inflate_restart(stream)
                isInside = true
            }
            var taken = pending.count - used
            var given = output.count - start
            let code = pending.withUnsafeBufferPointer { input in
                output.withUnsafeMutableBufferPointer { room in
                    ceval_inflate_run(
                        stream,
                        input.baseAddress.map { $0 + used },
                        &taken,
                        room.baseAddress.map { $0 + start },
                        &given
                    )
                }
            }
            used += taken
            if code == CEVAL_INFLATE_DAMAGED { throw Diagnostic("the gzip data is damaged") }
            if code == CEVAL_INFLATE_END { isInside = false }
            if given > 0 { return given }
        }
    }
}
