import Foundation
import MailTesting
import Testing

extension FaultTests {
    /// One message in and out, and something strikes at one of the system calls that this takes: at each in turn.
    struct SystemCallTests {
        /// Below and above what is kept in memory until it is committed.
        private static let sizes = [1_000, 150_000]

        @Test(arguments: sizes) func `a server killed at any system call loses nothing`(octets: Int) async throws {
            try await strikeEach(.kill, octets: octets, name: "killed at each call")
        }

        @Test(.requiresLoopDisks, .requires("mkfs.xfs"), arguments: LoopDisk.Kind.allCases)
        func `a power cut at any system call loses nothing`(kind: LoopDisk.Kind) async throws {
            for octets in Self.sizes {
                try await strikeEach(.cutPower, octets: octets, disk: kind, name: "power cut at each call, \(kind)")
            }
        }

        @Test func `a server killed in the middle of any write loses nothing`() async throws {
            for octets in Self.sizes {
                try await strikeEach(.tear, octets: octets, among: .write, name: "killed in the middle of each write")
            }
        }

        /// Calls that fail, and how.
        struct Failure: Sendable, CustomTestStringConvertible {
            let testDescription: String
            let kinds: SystemCallFaults.Kinds
            let code: POSIXErrorCode

            init(_ name: String, _ kinds: SystemCallFaults.Kinds, _ code: POSIXErrorCode) {
                (testDescription, self.kinds, self.code) = (name, kinds, code)
            }

            static let sample = [
                Failure("sync: EIO", .sync, .EIO), Failure("write: ENOSPC", .write, .ENOSPC),
                Failure("open: EMFILE", .open, .EMFILE), Failure("name: EIO", .name, .EIO),
            ]
            static let all =
                sample + [
                    Failure("write: EIO", .write, .EIO), Failure("open: EIO", .open, .EIO),
                    Failure("name: ENOSPC", .name, .ENOSPC), Failure("truncate: EIO", .truncate, .EIO),
                    Failure("sync: ENOSPC", .sync, .ENOSPC), Failure("sync: EDQUOT", .sync, .EDQUOT),
                    Failure("open: ENOSPC", .open, .ENOSPC), Failure("name: EROFS", .name, .EROFS),
                    Failure("write: EFBIG", .write, .EFBIG), Failure("read: EIO", .read, .EIO),
                    Failure("write, sync or open: EINTR", [.write, .sync, .open], .EINTR),
                ]
        }

        @Test(arguments: FaultTests.isComplete ? Failure.all : Failure.sample)
        func `no failing call makes the server lose what it has answered`(failure: Failure) async throws {
            for octets in FaultTests.isComplete ? Self.sizes : [1_000] {
                try await strikeEach(
                    .fail(failure.code), octets: octets, among: failure.kinds,
                    name: "each call fails, \(failure.testDescription)")
            }
        }

        @Test func `a server whose writes are cut short loses nothing`() async throws {
            for octets in Self.sizes {
                try await strikeEach(.writeHalf, octets: octets, among: .write, name: "each write takes half")
            }
        }

        @Test func `a failed sync ends the server, and what it answered before is there after the next start`()
            async throws
        {
            let bench = try await FaultBench()
            try await bench.live(octets: 1_000) { try $0.strike(.fail(.EIO), at: 1, among: .sync) }
            #expect(bench.struck == ["fdatasync queue/log/*": 1])
            #expect(bench.ledger.entries[0].answer?.hasPrefix("421 ") == true)
            // EX_IOERR, so that a supervisor starts it anew.
            #expect(bench.ends == [74: 1])
            try await bench.live(octets: 1_000) { try $0.count([]) }
            #expect(bench.ledger.entries[1].isAnswered)
            try await bench.settle().expectNothingLost()
        }

        @Test func `a start that is killed at any system call loses nothing`() async throws {
            try await strikeEachOfStart(.kill, among: .changing, name: "start killed at each call")
        }

        @Test func `a start in which any call fails loses nothing`() async throws {
            let kinds: SystemCallFaults.Kinds = [.open, .read, .write, .sync, .name, .truncate]
            try await strikeEachOfStart(.fail(.EIO), among: kinds, name: "each call of the start fails: EIO")
        }

        private func strikeEachOfStart(
            _ action: SystemCallFaults.Action, among kinds: SystemCallFaults.Kinds, name: String
        ) async throws {
            let bench = try await FaultBench()
            var call = 1
            repeat {
                // Something to recover: a life that ends when its message is answered and not delivered.
                try await bench.live(octets: 1_000) { try $0.strike(.kill, at: 1, among: .name) }
                try await bench.rise { try $0.strike(action, at: call, among: kinds) }
                call += FaultTests.isComplete ? 1 : 23
            } while bench.wasStruck
            try await Self.settle(bench, name: name, calls: call)
        }

        /// One life for each call, or for a sample of them, the calls at the end included.
        private func strikeEach(
            _ action: SystemCallFaults.Action, octets: Int, among kinds: SystemCallFaults.Kinds = .changing,
            disk: LoopDisk.Kind? = nil, name: String
        ) async throws {
            let bench = try await FaultBench(disk: disk)
            try await bench.live(octets: octets) { try $0.count(kinds) }
            let calls = bench.calls
            #expect(calls > 0)
            let step = FaultTests.isComplete ? 1 : max(calls / 3, 1)
            for call in stride(from: 1, through: calls, by: step) {
                try await bench.live(octets: octets) { try $0.strike(action, at: call, among: kinds) }
            }
            try await Self.settle(bench, name: "\(name), \(octets) octets", calls: calls)
        }

        private static func settle(_ bench: FaultBench, name: String, calls: Int) async throws {
            let account = try await bench.settle()
            let struck = bench.struck.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
            FaultTests.report(name, "\(calls) calls, \(account); ends \(bench.ends); struck \(struck)")
            #expect(!struck.isEmpty)
            account.expectNothingLost()
        }
    }
}
