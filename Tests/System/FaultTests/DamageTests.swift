import Foundation
import MailTesting
import Testing

extension FaultTests {
    /// What lies in the spool is damaged while the server does not run.
    struct DamageTests {
        enum Damage: CaseIterable {
            case flip, zero, cut, overwrite
        }

        @Test(arguments: Damage.allCases)
        func `a damaged log costs at most the messages that were hit, and stops nothing`(damage: Damage) async throws {
            let spool = try await StoredSpool.make()
            let log = try spool.segment()
            let starts = try spool.recordStarts(of: log)
            #expect(starts.count == StoredSpool.messages)
            let positions = FaultTests.isComplete ? 40 : 1
            var account = (lives: 0, lost: 0, setAside: 0)
            for (record, start) in starts.enumerated() {
                let end = record + 1 < starts.count ? starts[record + 1] : start + 200
                for offset in Set((0..<positions).map { start + ($0 * 7 + record) % (end - start) }) {
                    let (lost, setAside) = try await spool.life { folder in
                        try damage.apply(to: "\(folder)/queue/log/\(log)", at: offset, length: 16)
                    }
                    // A cut takes everything behind it along; nothing else reaches beyond its record.
                    let allowed = Set(damage == .cut ? Array(record..<starts.count) : [record])
                    #expect(Set(lost).isSubset(of: allowed), "\(damage) at \(offset) of record \(record)")
                    #expect(
                        lost.isEmpty || damage == .cut || setAside > 0, "\(damage) at \(offset): nothing is set aside")
                    account = (account.lives + 1, account.lost + lost.count, account.setAside + setAside)
                }
            }
            FaultTests.report(
                "damaged log, \(damage)",
                "\(account.lives) places, \(account.lost) of \(account.lives * starts.count) messages damaged, "
                    + "\(account.setAside) files set aside, 0 torn, every start serves")
            #expect(account.lost > 0)
        }

        @Test(arguments: Damage.allCases)
        func `a damaged file of a large body costs that message, and none is delivered torn`(damage: Damage)
            async throws
        {
            let spool = try await StoredSpool.make()
            let body = try spool.body()
            for offset in FaultTests.isComplete ? Array(stride(from: 0, to: 150_000, by: 7_001)) : [75_000] {
                let (lost, _) = try await spool.life { folder in
                    try damage.apply(to: "\(folder)/queue/bodies/\(body)", at: offset, length: 16)
                }
                #expect(lost == [StoredSpool.messages - 1], "\(damage) at \(offset)")
            }
        }
    }
}

extension FaultTests.DamageTests.Damage {
    func apply(to path: String, at offset: Int, length: Int) throws {
        let url = URL(fileURLWithPath: path)
        var content = try Data(contentsOf: url)
        let range = offset..<min(offset + length, content.count)
        switch self {
        case .flip: content[offset] ^= 0x10
        case .zero: content.replaceSubrange(range, with: Data(count: range.count))
        case .cut: content = content.prefix(offset)
        case .overwrite: content.replaceSubrange(range, with: range.map { _ in UInt8.random(in: 0...255) })
        }
        try content.write(to: url)
    }
}

/// A spool with messages that were answered and not delivered, to be damaged again and again.
private final class StoredSpool {
    static let messages = 4
    private let bench: FaultBench
    private let template: TemporaryDirectory
    private var lives = 0

    private init(_ bench: FaultBench) throws {
        self.bench = bench
        template = try TemporaryDirectory()
    }

    /// Three small messages and a large one, which cannot be delivered as long as no file can be named.
    static func make() async throws -> StoredSpool {
        let bench = try await FaultBench()
        try await bench.begin { try $0.strike(.fail(.EIO), at: 1, times: .max, among: .name) }
        for number in 1...messages {
            #expect(try await bench.send(octets: number == messages ? 150_000 : 1_000).isAnswered)
        }
        // Not asked to end, which would remove the preallocated space and what else tells a crash.
        try await bench.server.kill()
        let spool = try StoredSpool(bench)
        for suffix in ["", "-wal", "-shm"] {
            try? FileManager.default.removeItem(atPath: "\(bench.server.dataDirectory)/queue/index.sqlite\(suffix)")
        }
        try FileManager.default.copyItem(
            atPath: "\(bench.server.dataDirectory)/queue", toPath: spool.template.path("queue"))
        return spool
    }

    func segment() throws -> String { try only("log") }
    func body() throws -> String { try only("bodies") }

    private func only(_ folder: String) throws -> String {
        let names = try FileManager.default.contentsOfDirectory(atPath: template.path("queue/\(folder)"))
        return try #require(names.count == 1 ? names[0] : nil, "\(names)")
    }

    /// Each record begins with the mark of its segment, as the first does.
    func recordStarts(of segment: String) throws -> [Int] {
        let content = try Data(contentsOf: URL(fileURLWithPath: template.path("queue/log/\(segment)")))
        var starts: [Int] = []
        var position = 0
        while let found = content.range(of: content.prefix(8), in: position..<content.count) {
            starts.append(found.lowerBound)
            position = found.upperBound
        }
        return starts
    }

    /// Starts the server on a damaged copy, and sends another message.
    ///
    /// - Returns: the numbers of the messages that are not delivered, and how many files were set aside.
    func life(_ damage: (String) throws -> Void) async throws -> (lost: [Int], setAside: Int) {
        let (server, folder) = (bench.server, bench.server.dataDirectory)
        try FileManager.default.removeItem(atPath: folder)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        try FileManager.default.copyItem(atPath: template.path("queue"), toPath: "\(folder)/queue")
        try damage(folder)
        try await server.start()
        lives += 1
        var other = MessageLedger()
        let entry = try await other.send("other-\(lives)", to: ["bob@\(server.domain)"], octets: 1_000, over: server)
        #expect(entry.isAnswered)
        // The others were due before it.
        _ = try await server.messages(for: "bob", count: 1)
        let account = try await settled()
        try await server.stop()
        #expect(account.torn == [])
        let lost = bench.ledger.entries.indices.filter { index in
            account.lost.contains { $0.hasPrefix("\(bench.ledger.entries[index].id) ") }
        }
        return (lost, try FileManager.default.contentsOfDirectory(atPath: "\(folder)/queue/damaged").count)
    }

    /// The account when no message waits for its first attempt any more.
    private func settled() async throws -> Account {
        let folder = bench.server.dataDirectory
        let list = ["queue", "list", "--json", "--config", bench.server.configurationPath]
        for _ in 0..<100 {
            let active = try await run(MartletServer.program, list).output.contains("\"active\"")
            if !active { break }
        }
        return try Account(bench.ledger, maildirs: "\(folder)/mail")
    }
}
