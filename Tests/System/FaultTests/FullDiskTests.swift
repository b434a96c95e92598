import Foundation
import MailTesting
import Testing

extension FaultTests {
    /// A disk on which nothing more fits, until something is removed.
    @Suite(.requiresLoopDisks) struct FullDiskTests {
        @Test func `a disk without space refuses mail for a while, and loses none`() async throws {
            try await fillAndFree(FaultBench(disk: .ext4, mebibytes: 32), "without space") { folder in
                let file = try FileHandle(forWritingTo: Self.make("\(folder)/filling"))
                while (try? file.write(contentsOf: Data(count: 4_096))) != nil {}
                try file.close()
                return ["\(folder)/filling"]
            }
        }

        @Test func `a disk without inodes refuses mail for a while, and loses none`() async throws {
            try await fillAndFree(FaultBench(disk: .ext4, mebibytes: 64, inodes: 1_500), "without inodes") { folder in
                try FileManager.default.createDirectory(atPath: "\(folder)/filling", withIntermediateDirectories: false)
                var number = 0
                while FileManager.default.createFile(atPath: "\(folder)/filling/\(number)", contents: nil) {
                    number += 1
                }
                return ["\(folder)/filling"]
            }
        }

        private static func make(_ path: String) -> URL {
            _ = FileManager.default.createFile(atPath: path, contents: nil)
            return URL(fileURLWithPath: path)
        }

        private func fillAndFree(_ bench: FaultBench, _ name: String, fill: (String) throws -> [String]) async throws {
            var latest = Duration.zero
            for _ in 0..<FaultTests.times(sample: 1, complete: 5) {
                try await bench.begin { try $0.count([]) }
                #expect(try await bench.send(octets: 1_000).isAnswered)
                let filling = try fill(bench.server.dataDirectory)
                // What still fits into the log is taken; what does not is refused at once.
                for number in 1...20 { try await bench.send(octets: number.isMultiple(of: 5) ? 150_000 : 1_000) }
                try await Self.expect("452 4.3.1 ", bench)
                for path in filling { try FileManager.default.removeItem(atPath: path) }
                latest = max(latest, try await Self.expect("250 2.0.0 ", bench))
                try await bench.endLife()
            }
            #expect(bench.ends.keys.elementsEqual([0]))
            let account = try await bench.settle()
            FaultTests.report("a disk \(name), then free", "\(account); takes mail again within \(latest)")
            account.expectNothingLost()
            #expect(account.refused > 0)
            #expect(account.refusedAndDelivered == 0)
        }

        /// Sends until the answer is this one.
        ///
        /// - Returns: how long it took.
        @discardableResult
        private static func expect(_ answer: String, _ bench: FaultBench) async throws -> Duration {
            let start = ContinuousClock.now
            repeat {
                if try await bench.send(octets: 1_000).answer?.hasPrefix(answer) == true {
                    return ContinuousClock.now - start
                }
            } while ContinuousClock.now - start < patience
            Issue.record("not answered \(answer), but \(bench.ledger.entries.last?.answer ?? "nothing")")
            return patience
        }
    }
}
