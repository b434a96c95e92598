import HummingbirdTesting
import SMTPClient
import Testing

@testable import App

@Suite struct SignUpTests {
    @Test func whoSignsUpIsGreeted() async throws {
        let outbox = MemoryTransport()
        try await application(Mailer(transport: outbox)).test(.router) { client in
            try await client.execute(uri: "/sign-up?mail=ann@example.org", method: .post) { response in
                #expect(response.status == .accepted)
            }
        }
        let mail = try await outbox.next(to: EmailAddress("ann@example.org"))
        #expect(mail.message?.subject == "Welcome")
    }

    @Test func whileTheServerIsBusyTheAnswerSaysSo() async throws {
        let failing = FailingTransport([.reply(450, "4.3.2 busy", at: .rcpt)])
        try await application(Mailer(transport: failing)).test(.router) { client in
            try await client.execute(uri: "/sign-up?mail=ann@example.org", method: .post) { response in
                #expect(response.status == .serviceUnavailable)
            }
        }
    }
}
