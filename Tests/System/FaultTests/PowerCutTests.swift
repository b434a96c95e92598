import Foundation
import MailTesting
import Testing

extension FaultTests {
    /// The power goes while clients send from several sessions at once.
    @Suite(.requiresLoopDisks, .requires("python3", "mkfs.xfs")) struct PowerCutTests {
        private static let limits = "[limits]\ndisk_reserve = 0\nmessage_size = \"1 MiB\""

        @Test(.timeLimit(.minutes(30)), arguments: LoopDisk.Kind.allCases)
        func `no message that was answered is lost or torn by a power cut`(kind: LoopDisk.Kind) async throws {
            let server = try MartletServer(configuration: Self.limits)
            let disk = try await LoopDisk(kind, mebibytes: 1_024, at: server.dataDirectory)
            let load = try Load()
            let cuts = FaultTests.times(sample: 2, complete: 50)
            var ends: [Int32: Int] = [:]
            for cut in 0..<cuts {
                try await server.start()
                try await load.run(against: server, answers: .random(in: 1...200)) {
                    try disk.cutPower()
                    // A server that is not killed must notice by itself that nothing reaches the disk any more.
                    if cut.isMultiple(of: 2) { try await server.kill() }
                }
                ends[try await Self.ownEnd(server) ?? -1, default: 0] += 1
                try await disk.restorePower()
            }
            try await server.start()
            let audit = try await load.audit(server)
            try await server.stop()
            try await disk.remove()
            FaultTests.report("power cut under load, \(kind)", "\(cuts) cuts, \(audit); ends \(ends)")
            audit.expectNothingLost()
            // 137 is a kill, 74 an error of input or output; anything above is a crash.
            #expect(ends.keys.allSatisfy { $0 == -1 || $0 == 74 }, "\(ends)")
        }

        @Test func `what a disk loses that only claims to have synced is noticed`() async throws {
            let server = try MartletServer(configuration: Self.limits)
            let disk = try await LoopDisk(.ext4, mebibytes: 320, at: server.dataDirectory)
            let faults = try await SystemCallFaults(below: server.dataDirectory, source: source("Faults/faults.c"))
            let load = try Load()
            try await server.start(environment: faults.environment)
            try faults.strike(.lie, at: 1, times: .max, among: .sync)
            try await load.run(against: server, answers: 100) {
                try disk.cutPower()
                try await server.kill()
            }
            try await disk.restorePower()
            try await server.start()
            let audit = try await load.audit(server, patience: .seconds(1))
            try await server.stop()
            try await disk.remove()
            #expect(audit.lost != [])
        }

        /// Waits until the server has ended, if it was not killed before.
        private static func ownEnd(_ server: MartletServer) async throws -> Int32? {
            _ = try await eventually("the server's end") { server.processIdentifier == nil ? true : nil }
            return try await server.end(with: SIGKILL)
        }

        @Test(.timeLimit(.minutes(30))) func `a server can be started from any instant of its disk, and loses nothing`()
            async throws
        {
            let (rounds, images) = (FaultTests.times(sample: 1, complete: 20), FaultTests.times(sample: 3, complete: 5))
            var (answered, twice) = (0, 0)
            for _ in 0..<rounds {
                for audit in try await Self.startFromImages(images) {
                    answered += audit.answered
                    twice += audit.duplicates
                    audit.expectNothingLost()
                }
            }
            FaultTests.report(
                "crash images of a running server",
                "\(rounds * images) images, \(answered) answered before them, \(twice) twice")
        }

        /// The audits of servers that were started from images of one server's disk, while that one took mail in.
        private static func startFromImages(_ count: Int) async throws -> [Audit] {
            let outer = try TemporaryDirectory()
            let server = try MartletServer(configuration: limits)
            // Only XFS copies a file at an instant.
            let below = try await LoopDisk(.xfs, mebibytes: 4_096, at: outer.path("xfs"))
            let disk = try await LoopDisk(.ext4, mebibytes: 512, at: server.dataDirectory, imageIn: below.path)
            let load = try Load()
            var audits: [Audit] = []
            try await server.start()
            try await load.run(against: server, answers: 50) {
                for number in 0..<count {
                    audits.append(try await startFromImage("\(number)", of: disk, load))
                }
                try await server.kill()
            }
            try await disk.remove()
            try await below.remove()
            return audits
        }

        /// Copies the disk, starts another server on the copy, and sees that what was answered before is there.
        private static func startFromImage(_ name: String, of disk: LoopDisk, _ load: Load) async throws -> Audit {
            let server = try MartletServer(configuration: limits)
            try load.keepLedger(as: name)
            let image = try await disk.crashImage(name, at: server.dataDirectory)
            try await server.start()
            let audit = try await load.audit(server, ledger: name)
            try await server.stop()
            try await image.remove()
            try FileManager.default.removeItem(atPath: image.image)
            return audit
        }
    }
}
