// swift_probe.swift: what Swift's runtime and Foundation need of the system, for a plugin in a worker.

import Dispatch
import Foundation

/// Uses tasks, timers and time zones.
///
/// - Returns: 0 if all of it works; else which doesn't.
@_cdecl("swift_probe")
public func swiftProbe() -> Int32 {
    let july = Date(timeIntervalSince1970: 1_751_371_200)
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "de_DE")
    formatter.timeZone = TimeZone(identifier: "Europe/Berlin")
    formatter.dateFormat = "EEEE HH:mm"
    guard formatter.string(from: july) == "Dienstag 14:00" else { return 1 }
    guard ProcessInfo.processInfo.activeProcessorCount > 0 else { return 2 }
    let done = DispatchSemaphore(value: 0)
    let sum = Sum()
    Task.detached {
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<100 {
                group.addTask {
                    try? await Task.sleep(for: .milliseconds(1))
                    await sum.add(number)
                }
            }
        }
        if await sum.value == 4950 { done.signal() }
    }
    return done.wait(timeout: .now() + 20) == .success ? 0 : 3
}

private actor Sum {
    var value = 0
    func add(_ number: Int) { value += number }
}
