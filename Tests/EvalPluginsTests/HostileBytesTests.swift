// What workers and libraries write is read with every bound checked: the mutator of transport-fuzz, for a while, and what
// it has found.

import EvalCore
import EvalFuzzSupport
import EvalJSON
import Foundation
import Synchronization
import Testing

@testable import EvalPlugins

@Suite("Hostile bytes")
struct HostileBytesTests {
    private func fuzzer() throws -> Fuzzer { try Fuzzer(corpus: "\(Workshop.root)/Benchmarks/fuzz/corpus") }

    @Test("readers take what they should be given")
    func corpus() throws {
        #expect(try fuzzer().refusedInputs == [])
    }

    @Test("20,000 inputs changed at random: some are taken, some refused, none ends this process")
    func mutated() throws {
        var tallies: [HostileReading: Fuzzer.Tally] = [:]
        try fuzzer().run(0..<20_000, seed: 20_000, into: &tallies)
        for reading in HostileReading.allCases {
            let tally = try #require(tallies[reading])
            #expect(tally.accepted > 0 && tally.refused > 0, "\(reading): \(tally)")
        }
    }

    @Test("an execution is the same each time")
    func reproducible() throws {
        let fuzzer = try fuzzer()
        for execution in 0..<64 { #expect(fuzzer.input(execution, seed: 7).1 == fuzzer.input(execution, seed: 7).1) }
        #expect((0..<64).contains { fuzzer.input($0, seed: 7).1 != fuzzer.input($0, seed: 8).1 })
    }

    @Test("a library with more program headers than any linker writes is refused")
    func programHeaders() throws {
        var image = TestImage()
        image.segments += Array(repeating: .init(type: 4, offset: 0, size: 0), count: 300)
        #expect(image.problem == .malformed("it has 302 program headers"))
        image.segments.removeLast(200)
        #expect(image.problem == .noNote)
    }

    @Test("notes are looked through up to a limit, however often segments show them")
    func notes() throws {
        var image = TestImage()
        let note = TestImage.note()
        image.addSegment(type: 4, Array(repeating: 0, count: 12 * 4000) + note)
        #expect(image.problem == nil)
        image = TestImage()
        image.addSegment(type: 4, Array(repeating: 0, count: 12 * 5000) + note)
        #expect(image.problem == .noNote)
    }

    @Test("a library that needs more others than any does, or one with an endless name, is refused")
    func needed() throws {
        var image = TestImage()
        image.addSegment(type: 4, TestImage.note())
        image.dynamic = Array(repeating: (1, 0), count: 256)
        #expect(image.needed?.count == 256)
        image.dynamic.append((1, 0))
        #expect(image.problem == .malformed("it needs more than 256 libraries"))
        image.dynamic = [(1, 0)]
        image.strings = Array(repeating: 0x61, count: 255) + [0]
        #expect(image.needed == [String(repeating: "a", count: 255)])
        image.strings.insert(0x61, at: 0)
        #expect(image.problem == .malformed("the name of a library that it needs is longer than 255 bytes"))
    }

    @Test("one table of symbols of each kind is looked through")
    func symbols() {
        var image = TestImage()
        image.symbols = [[(0x1000, "first")], [(0x2000, "second")]]
        let bytes = image.bytes
        let names = bytes.withUnsafeBytes { ELFSymbols($0).names(of: [0x1000, 0x2000]) }
        #expect(names == ["first", nil])
    }

    @Test("a number without a positive counterpart is out of range like any other")
    func leastNumber() async throws {
        let workshop = try Workshop()
        try workshop.compile(
            """
            #include <evalhost/scorer.h>
            static evalhost_status score(void *self, const evalhost_record *row, const evalhost_sink *out) {
                return evalhost_number(out, -9223372036854775808.0);
            }
            EVALHOST_SCORER(least, .reads = "outputs", .value = EVALHOST_NUMBER(0, 1), .score = score)
            EVALHOST_PLUGIN("least", "1", &least)
            """
        )
        let verdicts = await (try await workshop.scorer("least")).score([try row("a")])
        #expect(verdicts.first?.errorMessage == "least: least is -9.223372036854776e+18, less than the declared 0")
    }

    /// A judge that counts its questions under way.
    private final class CountingJudge: JudgeClient {
        let model = "counting"
        let concurrency = 1
        private let counts = Mutex((now: 0, most: 0, all: 0))
        var most: Int { counts.withLock { $0.most } }
        var all: Int { counts.withLock { $0.all } }

        func ask(_ question: JudgeQuestion) async throws(ScorerError) -> JudgeAnswer {
            counts.withLock { counts in
                counts.now += 1
                counts.all += 1
                counts.most = max(counts.most, counts.now)
            }
            for _ in 0..<1000 { await Task.yield() }
            counts.withLock { $0.now -= 1 }
            return JudgeAnswer(reply: [:], model: model)
        }
    }

    @Test("a worker that asks the judge on and on without waiting has one question at a time")
    func impatient() async throws {
        let workshop = try Workshop()
        try workshop.compile(
            """
            #include <evalhost/scorer.h>
            #include <evaltransport.h>
            #include <sched.h>
            #include <sys/mman.h>
            #include <sys/stat.h>
            #include <unistd.h>
            static evalhost_status score(void *self, const evalhost_record *row, const evalhost_sink *out) {
                static const char texts[] = "user\\0?\\0{}";
                const uint64_t sizes[] = {4, 1}, one = 1;
                const ceval_ask ask = {1, 0, 2};
                struct stat status;
                if (fstat(CEVAL_FD_RESULTS, &status)) return evalhost_error(out, "no results");
                char *results = mmap(0, status.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, CEVAL_FD_RESULTS, 0);
                if (results == MAP_FAILED) return evalhost_error(out, "no mapping");
                const uint64_t slots = 4, slot_bytes = (status.st_size - CEVAL_DATA_OFFSET) / slots, offset = 8 << 20;
                for (int round = 0; round < 2000; round++) {
                    for (uint64_t slot = 0; slot < slots; slot++) {
                        char *to = results + CEVAL_DATA_OFFSET + slot * slot_bytes + offset;
                        ceval_slot_out *it = (void *)(results + CEVAL_SLOTS_OFFSET + slot * sizeof *it);
                        memcpy(to, &ask, sizeof ask);
                        memcpy(to + sizeof ask, sizes, sizeof sizes);
                        memcpy(to + sizeof ask + sizeof sizes, texts, sizeof texts);
                        it->ask_offset = offset;
                        it->ask_bytes = sizeof ask + sizeof sizes + sizeof texts;
                        __atomic_add_fetch(&it->ask_sequence, 1, __ATOMIC_RELEASE);
                    }
                    if (write(CEVAL_FD_WAKE_HOST, &one, sizeof one) < 0) break;
                    for (int turn = 0; turn < 100; turn++) sched_yield();
                }
                return evalhost_number(out, 1);
            }
            EVALHOST_SCORER(impatient, .reads = "outputs", .value = EVALHOST_NUMBER(0, 1), .score = score,
                            .flags = EVALHOST_CALLS_JUDGE)
            EVALHOST_PLUGIN("impatient", "1", &impatient)
            """,
            to: "impatient.so",
            ["-shared", "-I\(Workshop.root)/Sources/CEvalTransport/include"]
        )
        let judge = CountingJudge()
        var options = workshop.options()
        options.judge = judge
        let scorer = try await workshop.scorer("impatient", options: options)
        let verdicts = await scorer.score([try row("a")])
        #expect(verdicts.first?.values.first?.value == .number(1), "\(verdicts)")
        #expect(judge.all >= 1)
        #expect(judge.most == 1)
    }
}
