// What is decided about the sandbox of workers, and what is in force on this machine.

internal import CEvalSandbox
internal import CEvalTransport
internal import EvalCore
internal import Foundation

/// How much of the sandbox must be there.
public enum SandboxMode: String, Sendable, CaseIterable {
    /// What the machine has; what it lacks is said once and recorded on the run.
    case auto
    /// All layers, or nothing runs.
    case require
    /// All layers, and a refused system call is its row's error.
    case strict
    /// None: the library may do what the host's user may.
    case off

    /// Whether all layers must be there.
    var isDemanding: Bool { self == .require || self == .strict }
}

/// The sandbox of one library's workers.
struct Sandbox: Sendable {
    let mode: SandboxMode
    let permissions: [PluginPermission]

    /// Whether the kernel has Landlock; `EVALHOST_WITHOUT_LANDLOCK` says no, for trying what happens without.
    static let hasLandlock: Bool =
        ceval_landlock_abi() > 0 && ProcessInfo.processInfo.environment["EVALHOST_WITHOUT_LANDLOCK"] == nil

    /// What the machine lacks, in words; nil if all layers are there.
    static var shortcoming: String? {
        hasLandlock
            ? nil
            : "this kernel has no Landlock: plugins are kept from writing, from the network and from other processes, but "
                + "can read the files that this user can"
    }

    var flags: UInt32 {
        guard mode != .off else { return CEVAL_START_LIMITS }
        var flags = CEVAL_START_SECCOMP | CEVAL_START_LIMITS
        if Self.hasLandlock { flags |= CEVAL_START_LANDLOCK }
        if geteuid() == 0 { flags |= CEVAL_START_DROP }
        for permission in permissions {
            switch permission {
            case .network: flags |= CEVAL_START_NETWORK
            case .write, .device: flags |= CEVAL_START_WRITES
            case .read, .threads, .memory: break
            }
        }
        return flags
    }

    /// The paths that are allowed beside the worker's own list.
    var strings: [(kind: UInt32, text: String)] {
        permissions.compactMap { permission in
            switch permission {
            case .read(let path): (CEVAL_STRING_READ, path)
            case .write(let path): (CEVAL_STRING_WRITE, path)
            case .device(let path): (CEVAL_STRING_DEVICE, path)
            case .network, .threads, .memory: nil
            }
        }
    }

    var memoryBytes: Int {
        for case .memory(let bytes) in permissions { return bytes }
        return 1 << 30
    }

    var threads: Int {
        for case .threads(let count) in permissions { return count }
        return 1
    }

    /// Checks that the machine has what is demanded.
    ///
    /// - Throws: What it lacks.
    static func check(_ mode: SandboxMode) throws(Diagnostic) {
        guard mode.isDemanding, let shortcoming else { return }
        throw Diagnostic(
            shortcoming,
            category: .unavailable,
            help: "Use a kernel of 5.13 or later with Landlock, or `--sandbox auto`."
        )
    }
}
