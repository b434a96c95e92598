import Foundation
import MailMIME
import MailTesting
import SMTPClient
import Testing

/// A batch of messages, whole transactions one behind another, to Postfix.
@Suite(.requiresPeers) struct BatchToPostfixTests {
    @Test func `Postfix takes a batch, refuses what it refuses, and gives nobody the mail of others`() async throws {
        let access = "inline:{{nobody@example.com = 550 5.1.1 Nobody of that name}}"
        let settings = ["smtpd_recipient_restrictions = check_recipient_access \(access), permit"]
        try await PostfixPeer(settings: settings).whileRunning { postfix in
            let names = (1...60).map { $0 % 7 == 0 ? "nobody" : "user\($0)" }
            let messages = try names.enumerated().map { index, name in
                try MailMessage(
                    from: "shop@example.net", to: [Mailbox(parsing: "\(name)@example.com")],
                    subject: "Order \(index + 1)",
                    text: "Hello \(name)")
            }
            let results = try await withMailer("smtp://127.0.0.1:\(postfix.port)") { mailer in
                await mailer.send(contentsOf: messages)
            }
            for (name, result) in zip(names, results) {
                if name == "nobody" {
                    #expect(throws: SMTPError.self) { try result.get() }
                } else {
                    #expect(try result.get().queueID != nil)
                }
            }
            for name in names where name != "nobody" {
                let message = try await eventually("the message for \(name)", timeout: RelayingServer.patience) {
                    try postfix.messages(for: "\(name)@example.com").first
                }
                #expect(String(decoding: message, as: UTF8.self).contains("Hello \(name)\n"))
                #expect(try postfix.messages(for: "\(name)@example.com").count == 1)
            }
            #expect(try postfix.messages(for: "nobody@example.com").isEmpty)
            // One connection carried them all.
            _ = try await eventually("Postfix's count") {
                postfix.log.contains("mail=60 rcpt=52/60 bdat=52/60") ? () : nil
            }
        }
    }
}
