import Foundation
import MailTesting
import Testing

/// Martlet delivers a domain's mail to Dovecot over LMTP.
@Suite(.requiresPeers, .requires("curl")) struct ToDovecotTests {
    enum Way: CaseIterable { case port, socket }

    @Test(arguments: Way.allCases)
    func `a message reaches the mailboxes of a domain at Dovecot byte for byte`(over way: Way) async throws {
        let sample = SampleMessage()
        try await DovecotPeer().whileRunning { dovecot in
            let route = way == .port ? "lmtp://127.0.0.1:\(dovecot.port)" : "lmtp:\(dovecot.socket)"
            let domain = """
                [domain."example.com"]
                users = ["ann", "bob"]
                deliver = "\(route)"
                """
            try await RelayingServer.with(route: "hold", domain) { server in
                let recipients = ["ann@example.com", "bob@example.com"]
                try await RelayingServer.submit(sample.bytes, to: recipients, from: "you@example.net", at: server)
                for recipient in recipients {
                    let message = try await eventually("mail for \(recipient)", timeout: RelayingServer.patience) {
                        try dovecot.messages(for: recipient).first
                    }
                    expectIntact(message, sample.bytes)
                    let fields = String(decoding: message, as: UTF8.self).components(separatedBy: "Return-Path:")
                    #expect(fields.count == 2, "Dovecot's, and no other")
                }
                try await RelayingServer.expectEmptyQueue(server)
                for recipient in recipients { #expect(try dovecot.messages(for: recipient).count == 1) }
            }
        }
    }
}
