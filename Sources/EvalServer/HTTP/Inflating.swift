// Bodies that came compressed: gzip and deflate, up to a limit that a small body which grows huge runs into.

internal import CEvalZlib
internal import NIOCore

enum Inflating {
    /// Inflates a body.
    ///
    /// - Parameters:
    ///   - body: The bytes as they came.
    ///   - encoding: The header's word, in any case.
    ///   - limit: How many bytes may come out.
    /// - Returns: The bytes that were meant.
    /// - Throws: That the encoding is unknown, the bytes are damaged or too many come out.
    static func inflated(_ body: ByteBuffer, encoding: String, limit: Int) throws(APIError) -> ByteBuffer {
        switch encoding.lowercased() {
        case "", "identity": return body
        case "gzip", "x-gzip", "deflate": break
        default:
            throw APIError(
                .badRequest,
                "The body's Content-Encoding is `\(encoding)`; send it as gzip, deflate or without one."
            )
        }
        guard let stream = ceval_inflate_make() else {
            throw APIError(.temporarilyUnavailable, "There is no memory to inflate the body; try again.")
        }
        defer { ceval_inflate_free(stream) }
        var result = ByteBuffer()
        var state = CEVAL_INFLATE_MORE
        // The addresses are valid inside of the closures, which is where zlib reads and writes them.
        try body.withUnsafeReadableBytes { (input: UnsafeRawBufferPointer) throws(APIError) in
            var bytes = input.bindMemory(to: UInt8.self)
            while !bytes.isEmpty || state == CEVAL_INFLATE_MORE {
                var used = bytes.count
                var room = 0
                result.writeWithUnsafeMutableBytes(minimumWritableBytes: max(4096, min(bytes.count * 4, 1 << 20))) {
                    room = $0.count
                    var made = room
                    state = ceval_inflate_run(
                        stream,
                        bytes.baseAddress,
                        &used,
                        $0.bindMemory(to: UInt8.self).baseAddress,
                        &made
                    )
                    room -= made
                    return made
                }
                bytes = UnsafeBufferPointer(rebasing: bytes.dropFirst(used))
                guard result.readableBytes <= limit else {
                    throw APIError(
                        .requestLimitExceeded,
                        "The body is larger than \(limit) bytes when it is inflated; send less at once.",
                        status: 413
                    )
                }
                guard state != CEVAL_INFLATE_DAMAGED else {
                    throw APIError(
                        .badRequest,
                        "The body isn't \(encoding) as its Content-Encoding says: it is damaged."
                    )
                }
                if state == CEVAL_INFLATE_END {
                    if bytes.isEmpty { return }
                    ceval_inflate_restart(stream)
                } else if bytes.isEmpty, room > 0 {
                    throw APIError(
                        .badRequest,
                        "The body isn't \(encoding) as its Content-Encoding says: it ends too early."
                    )
                }
            }
        }
        return result
    }
}
