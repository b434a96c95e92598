import Foundation
import MailTesting
import Testing

/// What a client knows of the messages that it has sent. It is kept in memory, so no fault of a disk can reach it.
struct MessageLedger {
    struct Entry {
        let id: String
        let content: Data
        let recipients: [String]
        /// The answer to the end of the content; nil where none came.
        var answer: String?

        var isAnswered: Bool { answer?.hasPrefix("250 ") == true }
        var isRefused: Bool { answer.map { !$0.hasPrefix("250 ") } ?? false }
        /// Under which ID the server has it.
        var queueID: String? {
            guard isAnswered, let answer else { return nil }
            return answer.wholeMatch(of: /250 2\.0\.0 Queued as (\w+)/).map { String($0.1) }
        }
    }

    private(set) var entries: [Entry] = []

    /// Sends a message in a session of its own, as far as the server lets it.
    @discardableResult
    mutating func send(
        _ id: String, to recipients: [String], octets: Int, over server: MartletServer,
        isolation: isolated (any Actor)? = #isolation
    ) async throws -> Entry {
        let line = Data("\(id) \(String(repeating: "m", count: 60))\r\n".utf8)
        var content = Data("Subject: \(id)\r\nX-Ledger-ID: \(id)\r\n\r\n".utf8)
        while content.count < octets { content += line }
        content += Data("the end of \(id)\r\n".utf8)
        var entry = Entry(id: id, content: content, recipients: recipients)
        // Written down before the first octet goes out.
        entries.append(entry)
        entry.answer = try await Self.answer(to: entry, over: server)
        entries[entries.count - 1] = entry
        return entry
    }

    private static func answer(
        to entry: Entry, over server: MartletServer, isolation: isolated (any Actor)? = #isolation
    ) async throws -> String? {
        guard let session = try? RawConnection(port: server.port) else { return nil }
        let recipients = entry.recipients.map { "RCPT TO:<\($0)>" }
        let commands = ["", "EHLO client.example.net", "MAIL FROM:<you@example.net>"] + recipients + ["DATA"]
        for command in commands {
            if !command.isEmpty { session.send(command + "\r\n") }
            guard let reply = try await session.replyBeforeEnd() else { return nil }
            // A refusal before the content is as good as one after it.
            guard reply.hasPrefix("2") || reply.hasPrefix("354") else { return reply }
        }
        session.send(entry.content)
        session.send(".\r\n")
        return try await session.replyBeforeEnd()
    }
}

/// What became of the messages of a ledger.
struct Account: CustomStringConvertible {
    private(set) var sent = 0
    private(set) var answered = 0
    private(set) var refused = 0
    /// Answered with 250, and missing for a recipient.
    private(set) var lost: [String] = []
    /// Delivered otherwise than sent.
    private(set) var torn: [String] = []
    /// Deliveries beyond the first for a recipient.
    private(set) var twice = 0
    /// Delivered though refused: the sender may have sent them again.
    private(set) var refusedAndDelivered = 0

    /// Reads the Maildirs below a folder.
    init(_ ledger: MessageLedger, maildirs: String) throws {
        sent = ledger.entries.count
        for entry in ledger.entries {
            if entry.isAnswered { answered += 1 }
            if entry.isRefused { refused += 1 }
            for recipient in entry.recipients {
                let copies = try Self.copies(of: entry, for: recipient, below: maildirs)
                let name = "\(entry.id) for \(recipient)"
                if entry.isAnswered && copies.isEmpty { lost.append(name) }
                if entry.isRefused && !copies.isEmpty { refusedAndDelivered += 1 }
                if copies.contains(where: { !$0.suffix(entry.content.count).elementsEqual(entry.content) }) {
                    torn.append(name)
                }
                twice += max(copies.count - 1, 0)
            }
        }
    }

    private static func copies(of entry: MessageLedger.Entry, for recipient: String, below folder: String) throws
        -> [Data]
    {
        let parts = recipient.split(separator: "@")
        let mark = Data("X-Ledger-ID: \(entry.id)\r\n".utf8)
        return try ["new", "cur"].flatMap { subfolder -> [Data] in
            let path = "\(folder)/\(parts[1])/\(parts[0])/\(subfolder)"
            guard FileManager.default.fileExists(atPath: path) else { return [] }
            return try FileManager.default.contentsOfDirectory(atPath: path)
                .map { try Data(contentsOf: URL(fileURLWithPath: "\(path)/\($0)")) }
                .filter { $0.range(of: mark) != nil }
        }
    }

    var description: String {
        "\(answered) of \(sent) answered, \(refused) refused, \(lost.count) lost, \(torn.count) torn, \(twice) twice, "
            + "\(refusedAndDelivered) refused and delivered"
    }

    func expectNothingLost(sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(lost == [], sourceLocation: sourceLocation)
        #expect(torn == [], sourceLocation: sourceLocation)
    }
}
