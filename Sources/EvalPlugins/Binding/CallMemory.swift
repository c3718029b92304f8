// Memory that is handed to a plugin for the length of a call: views are copied into it when nothing else holds them.

internal import CEvalHost
internal import EvalJSON
internal import Foundation

/// Owns allocations that live as long as it does.
///
/// Used by one thread at a time.
final class CallMemory {
    private var allocations: [UnsafeMutableRawPointer] = []
    private var kept: [Text] = []

    deinit { for allocation in allocations { free(allocation) } }

    private func keep(_ text: Text) { kept.append(text) }

    /// Room for elements.
    func allocate<Element>(_ type: Element.Type, _ count: Int) -> UnsafeMutablePointer<Element> {
        let bytes = max(1, count) * MemoryLayout<Element>.stride
        guard let memory = calloc(1, bytes) else { preconditionFailure("out of memory") }
        allocations.append(memory)
        return memory.bindMemory(to: Element.self, capacity: max(1, count))
    }

    /// A copy of a string, with a NUL after it.
    func text(_ string: String) -> evalhost_text {
        var copy = string
        return copy.withUTF8 { bytes in
            let memory = allocate(CChar.self, bytes.count + 1)
            if let base = bytes.baseAddress { memcpy(memory, base, bytes.count) }
            return evalhost_text(data: memory, size: UInt64(bytes.count))
        }
    }

    /// A view of a text, which is kept alive.
    func view(keeping text: Text) -> evalhost_text {
        keep(text)
        return Self.view(text)
    }

    /// A view of a text that something else keeps alive: its document, and so its bytes, outlive the closure.
    static func view(_ text: Text) -> evalhost_text {
        text.withUTF8 { bytes in
            guard let base = bytes.baseAddress else { return emptyText }
            let data = UnsafeRawPointer(base).assumingMemoryBound(to: CChar.self)
            return evalhost_text(data: data, size: UInt64(bytes.count))
        }
    }

    /// The text without a byte; its data is never null.
    nonisolated(unsafe) static let emptyText: evalhost_text = {
        let memory = UnsafeMutablePointer<CChar>.allocate(capacity: 1)
        memory.initialize(to: 0)
        return evalhost_text(data: memory, size: 0)
    }()
}
