import Foundation
import MailMIME
import MailTesting
import SMTPClient
import Testing

/// A program that sends with `Mailer`, and the built server at the other end.
@Suite struct MailerTests {
    @Test func `what a mailer sends lies in the mailbox, octet for octet`() async throws {
        try await MartletServer.with { server in
            let picture = try MailAttachment(fileName: "größe.png", bytes: (0..<200_000).map { UInt8($0 & 0xFF) })
            let message = try MailMessage(
                from: "Shop <shop@example.net>", to: ["Ann <ann@example.org>"], bcc: ["bob@example.org"],
                subject: "Grüße", text: ".\n..\nHello", html: "<p>Hello</p>", attachments: [picture])
            let receipt = try await withMailer("smtp://127.0.0.1:\(server.port)") { try await $0.send(message) }
            #expect(receipt.rejected.isEmpty && receipt.accepted.count == 2)
            for user in ["ann", "bob"] {
                #expect(try await server.message(for: user).suffix(message.bytes.count) == Data(message.bytes))
            }
            let id = try #require(receipt.queueID)
            try await server.expectLog(id)
        }
    }

    @Test func `recipients are refused one by one`() async throws {
        try await MartletServer.with { server in
            let message = try MailMessage(
                from: "shop@example.net", to: ["nobody@example.org", "ann@example.org"], subject: "x", text: "x")
            let receipt = try await withMailer("smtp://127.0.0.1:\(server.port)") { try await $0.send(message) }
            #expect(receipt.recipients.map(\.isAccepted) == [false, true])
            #expect(receipt.rejected[0].outcome.status.description == "5.1.1" && !receipt.rejected[0].isTransient)
        }
    }

    @Test func `many tasks send at once, and hear when the server is gone`() async throws {
        let server = try MartletServer()
        try await server.start()
        let port = server.port
        let configuration = try MailerConfiguration(url: "smtp://127.0.0.1:\(port)")
        try await withMailer(configuration) { mailer in
            try await Self.sendMany(mailer)
            #expect(try await server.messages(for: "ann", count: 50).count == 50)
            try await server.stop()
            let error = try await #require(throws: SMTPError.self) { try await mailer.send(Self.message) }
            #expect(error.stage == .connect && error.description.contains("\(port)"))
        }
    }

    private static var message: MailMessage {
        get throws {
            try MailMessage(from: "shop@example.net", to: ["ann@example.org"], subject: "x", text: "x")
        }
    }

    private static func sendMany(_ mailer: Mailer) async throws {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 1...50 { group.addTask { try await mailer.send(Self.message).rejected.isEmpty } }
            for try await isComplete in group { #expect(isComplete) }
        }
    }
}
