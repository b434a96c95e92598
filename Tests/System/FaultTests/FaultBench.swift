import Foundation
import MailTesting
import Testing

/// A server that lives many lives on the same data. In each it gets one message, in and out, and something may strike
/// at one of its system calls; the next life has to make good what the one before left.
final class FaultBench {
    let server: MartletServer
    let faults: SystemCallFaults
    let disk: LoopDisk?
    private(set) var ledger = MessageLedger()
    /// What was struck, and how often.
    private(set) var struck: [String: Int] = [:]
    /// Exit statuses of lives that ended by themselves.
    private(set) var ends: [Int32: Int] = [:]
    /// Whether something struck in the last life.
    private(set) var wasStruck = false
    /// How many calls the last life made of the kinds that were counted.
    private(set) var calls = 0

    private static let newDomain = "new.example.org"
    /// One user for each life, so that each has a mailbox to be made too.
    private static let lives = 2_000

    /// - Parameters:
    ///   - kind: the file system of a disk that can lose power; by default there is none.
    ///   - mebibytes: its size.
    ///   - inodes: how many files it has room for; by default that follows from its size.
    init(disk kind: LoopDisk.Kind? = nil, mebibytes: Int = 320, inodes: Int? = nil) async throws {
        let users = (1...Self.lives).map { "\"u\($0)\"" }.joined(separator: ", ")
        let configuration = """
            [domain."\(Self.newDomain)"]
            users = [\(users)]
            [limits]
            message_size = "1 MiB"
            disk_reserve = 0
            """
        server = try MartletServer(configuration: configuration)
        if let kind {
            disk = try await LoopDisk(kind, mebibytes: mebibytes, at: server.dataDirectory, inodes: inodes)
        } else {
            disk = nil
        }
        faults = try await SystemCallFaults(below: server.dataDirectory, source: source("Faults/faults.c"))
    }

    /// One life, with no fault or with one; `plan` says which, when the server is ready.
    ///
    /// - Returns: how often the fault struck.
    @discardableResult
    func live(octets: Int, _ plan: (SystemCallFaults) throws -> Void) async throws -> Int {
        try await begin(plan)
        try await send(octets: octets)
        return try await endLife()
    }

    /// Begins a life, in which messages can be sent.
    func begin(_ plan: (SystemCallFaults) throws -> Void) async throws {
        try await server.start(environment: faults.environment)
        try plan(faults)
    }

    /// Sends a message, and waits until each recipient was tried if it is answered.
    @discardableResult
    func send(octets: Int) async throws -> MessageLedger.Entry {
        let number = ledger.entries.count + 1
        let recipients = ["ann@\(server.domain)", "u\(number)@\(Self.newDomain)"]
        let entry = try await ledger.send("m\(number)", to: recipients, octets: octets, over: server)
        if let queueID = entry.queueID { try await attempts(queueID, count: recipients.count) }
        return entry
    }

    /// A start that may be struck, with what the last life left for it to do.
    @discardableResult
    func rise(_ plan: (SystemCallFaults) throws -> Void) async throws -> Int {
        try plan(faults)
        // It may end before it is ready.
        do { try await server.start(environment: faults.environment) } catch is ServerEnded {}
        return try await endLife()
    }

    /// Waits until each recipient was tried, or the server is gone.
    private func attempts(_ queueID: String, count: Int) async throws {
        _ = try await eventually("the attempts for \(queueID)") {
            let tried = server.log.split(separator: "\n").count { $0.contains("qid=\(queueID) to=") }
            return tried >= count || server.processIdentifier == nil ? true : nil
        }
    }

    /// Asks the server to end, unless it has.
    ///
    /// - Returns: how often the fault struck.
    @discardableResult
    func endLife() async throws -> Int {
        let status = try await server.end(with: SIGTERM) ?? -1
        ends[status, default: 0] += 1
        #expect(status == 137 || status < 128, "it crashed: \(server.log.suffix(2_000))")
        let strikes = try faults.strikes
        calls = try faults.calls
        wasStruck = strikes > 0
        if strikes > 0 { struck[Self.kind(of: try faults.struckCall), default: 0] += 1 }
        try faults.count([])
        try await disk?.restorePower()
        return strikes
    }

    /// The call, without what is different each time in the name of its file.
    private static func kind(of call: String) -> String {
        call.replacing(/[0-9A-Z]{8,}[^ \/]*/, with: "*").replacing(/socket:.*/, with: "socket").replacing(
            /\/u\d+/, with: "/u*")
    }

    /// Lets a last, sound life deliver everything, and settles the account. To be called once.
    func settle() async throws -> Account {
        try await server.start()
        // What was deferred waits for its time; a lost index makes everything in the log due.
        try await deliverAll(timeout: .seconds(1))
        let missing = try pending()
        if !missing.isEmpty {
            try await expectListed(missing)
            try await server.stop()
            for suffix in ["", "-wal", "-shm"] {
                try? FileManager.default.removeItem(atPath: "\(server.dataDirectory)/queue/index.sqlite\(suffix)")
            }
            try await server.start()
            try await deliverAll(timeout: patience)
        }
        let account = try Account(ledger, maildirs: "\(server.dataDirectory)/mail")
        try await server.stop()
        try await disk?.remove()
        return account
    }

    private func pending() throws -> [String] {
        try Account(ledger, maildirs: "\(server.dataDirectory)/mail").lost
    }

    private func deliverAll(timeout: Duration) async throws {
        _ = try? await eventually("the delivery of all", timeout: timeout) { try pending().isEmpty ? true : nil }
    }

    /// Expects that what is not delivered is in the queue.
    private func expectListed(_ missing: [String]) async throws {
        let list = try await run(
            MartletServer.program, ["queue", "list", "--json", "--config", server.configurationPath])
        let lines = list.output.split(separator: "\n")
        for entry in ledger.entries where entry.isAnswered {
            for recipient in entry.recipients where missing.contains("\(entry.id) for \(recipient)") {
                let isListed = lines.contains { $0.contains("\"\(entry.queueID ?? "-")\"") && $0.contains(recipient) }
                #expect(isListed, "\(entry.id) for \(recipient) is neither delivered nor in the queue")
            }
        }
    }
}
