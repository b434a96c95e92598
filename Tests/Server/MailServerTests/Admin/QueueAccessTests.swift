import Foundation
import MailCore
import MailServer
import MailSpool
import MailTesting
import NIOCore
import QueueCore
import Testing

/// The queue on disk, where no server runs.
struct QueueAccessTests {
    private let folder: TemporaryDirectory
    private let configuration: ServerConfiguration

    init() throws {
        folder = try TemporaryDirectory()
        let path = try folder.write(Data("data = \"\(folder.path("data"))\"\n".utf8), to: "martlet.toml")
        configuration = try ServerConfiguration.load(path: path)
    }

    /// Stores a message in the queue.
    private func store(from sender: String, to recipients: [String]) async throws -> String {
        try await store(
            Envelope(
                reversePath: sender.isEmpty ? .null : .mailbox(try EmailAddress(sender)),
                recipients: try recipients.map { EnvelopeRecipient(try EmailAddress($0)) }))
    }

    private func store(_ envelope: Envelope) async throws -> String {
        let spool = try Spool.open(directory: folder.path("data/queue"), now: SystemClock.now)
        defer { spool.close() }
        let message = try spool.open()
        _ = message.append(ByteBuffer(string: "Subject: x\r\n\r\n"), resume: {})
        try await withCheckedThrowingContinuation { continuation in
            message.commit(envelope, prefix: ByteBuffer()) {
                continuation.resume(with: $0.mapError { $0 as any Error })
            }
        }
        return message.queueID.description
    }

    private func answers(_ request: QueueRequest) async throws -> [ControlAnswer] {
        var answers: [ControlAnswer] = []
        try await QueueAccess(configuration: configuration).ask(request) { answers.append($0) }
        return answers
    }

    private func ids(_ change: (inout QueueRequest) -> Void = { _ in }) async throws -> [String] {
        var request = QueueRequest(.list)
        change(&request)
        return try await answers(request).compactMap {
            if case .message(let record) = $0 { record.queueID } else { nil }
        }
    }

    private func failure(_ request: QueueRequest) async throws -> String? {
        try await answers(request).compactMap { if case .failure(let text) = $0 { text } else { nil } }.first
    }

    @Test func `where no server has ever run there is nothing, and nothing is made`() async throws {
        #expect(try await ids() == [])
        guard case .count(let summary)? = try await answers(QueueRequest(.count)).first else {
            Issue.record("no count")
            return
        }
        #expect(summary.messages == 0)
        #expect(!FileManager.default.fileExists(atPath: folder.path("data")))
    }

    @Test func `messages are listed, oldest first, by sender, recipient and state`() async throws {
        try FileManager.default.createDirectory(atPath: folder.path("data"), withIntermediateDirectories: true)
        let first = try await store(from: "ann@example.org", to: ["c@example.net"])
        let second = try await store(from: "", to: ["d@example.com", "e@example.net"])
        #expect(try await ids() == [first, second])
        #expect(try await ids { $0.limit = 1 } == [first])
        #expect(try await ids { $0.sender = "ann@" } == [first])
        #expect(try await ids { $0.recipient = "EXAMPLE.com" } == [second])
        #expect(try await ids { $0.state = "pending" } == [first, second])
        #expect(try await ids { $0.state = "held" } == [])
    }

    @Test func `one message is shown, and what is wrong with a question is said`() async throws {
        try FileManager.default.createDirectory(atPath: folder.path("data"), withIntermediateDirectories: true)
        let id = try await store(from: "ann@example.org", to: ["c@example.net"])
        var request = QueueRequest(.show)
        request.id = id
        guard case .message(let record)? = try await answers(request).first else {
            Issue.record("no message")
            return
        }
        #expect(record.queueID == id)
        #expect(record.queueName == "active")
        #expect(record.sender == "ann@example.org")
        #expect(record.messageSize == 14)
        #expect(record.recipients.map(\.address) == ["c@example.net"])

        request.id = "11"
        #expect(try await failure(request) == "there is no message 11 in the queue")
        request.id = "../etc"
        #expect(try await failure(request) == "../etc is no queue ID")
        var list = QueueRequest(.list)
        list.state = "lost"
        #expect(try await failure(list) == "there is no such state of a recipient")
    }

    @Test func `an empty text fits no recipient, so that no slip changes the whole queue`() async throws {
        try FileManager.default.createDirectory(atPath: folder.path("data"), withIntermediateDirectories: true)
        let id = try await store(from: "", to: ["c@example.net"])
        for key in [\QueueRequest.recipient, \.domain] {
            var request = QueueRequest(.delete)
            request[keyPath: key] = ""
            #expect(!request.isNarrowed)
            #expect(try await failure(request) == "nothing says which messages are meant")
            request.ids = [id]
            #expect(try await failure(request)?.hasPrefix("an empty text is in every address") == true)
        }
        #expect(try await ids { $0.sender = "" } == [id], "the null reverse path")
    }

    @Test func `what the sender wants to hear is shown`() async throws {
        try FileManager.default.createDirectory(atPath: folder.path("data"), withIntermediateDirectories: true)
        var recipients = [EnvelopeRecipient(try EmailAddress("c@example.net"), notify: .never)]
        recipients.append(
            EnvelopeRecipient(
                try EmailAddress("d@example.net"), notify: [.failure, .delay],
                original: OriginalRecipient(addressType: "rfc822", address: "dan@example.com")))
        var request = QueueRequest(.show)
        request.id = try await store(
            Envelope(
                reversePath: .mailbox(try EmailAddress("ann@example.org")), recipients: recipients,
                options: EnvelopeOptions(return: .headers)))
        guard case .message(let record)? = try await answers(request).first else {
            Issue.record("no message")
            return
        }
        #expect(record.returns == "HDRS")
        #expect(record.recipients.map(\.notify) == ["NEVER", "FAILURE,DELAY"])
        #expect(record.recipients.map(\.originalRecipient) == [nil, "rfc822;dan@example.com"])
        let text = QueueListing.details(of: record)
        #expect(text.contains("\nRET:        HDRS\n") && text.contains("NOTIFY: FAILURE,DELAY\n"))
        #expect(text.hasSuffix("ORCPT: rfc822;dan@example.com"))
    }

    @Test func `a message that stays for a report only says so, and delays nobody`() async throws {
        try FileManager.default.createDirectory(atPath: folder.path("data"), withIntermediateDirectories: true)
        _ = try await store(from: "ann@example.org", to: ["c@example.net"])
        var bounce = QueueRequest(.bounce)
        (bounce.all, bounce.reason) = (true, "No way there")
        _ = try await answers(bounce)
        guard case .message(let record)? = try await answers(QueueRequest(.list)).first else {
            Issue.record("no message")
            return
        }
        let recipient = try #require(record.recipients.first)
        #expect(recipient.state == "failed" && recipient.reportDue == "failed")
        #expect(recipient.diagnostic == "No way there" && recipient.delayReason == nil)
    }

    @Test func `a queue that another program holds is waited for, and then it is said`() async throws {
        try FileManager.default.createDirectory(atPath: folder.path("data"), withIntermediateDirectories: true)
        let spool = try Spool.open(directory: folder.path("data/queue"), now: SystemClock.now)
        defer { spool.close() }
        let error = await #expect(throws: ControlError.self) { try await answers(QueueRequest(.count)) }
        #expect("\(try #require(error))" == "a server or another command holds the queue, and does not answer")
    }
}
