import Foundation
import MailTesting
import Testing

/// Martlet and Postfix encrypt what they hand to each other.
@Suite(.requiresPeers, .requires("openssl", "curl", "python3")) struct PostfixTLSTests {
    @Test func `Postfix, told to verify, hands a message over by TLS`() async throws {
        let sample = SampleMessage()
        let files = try TemporaryDirectory()
        let certificate = try await TestCertificate(for: ["mail.example.org"], in: files)
        let tls = "[tls]\ncertificate = \"\(certificate.certificate)\"\nkey = \"\(certificate.key)\""
        try await MartletServer.with(configuration: tls) { server in
            let settings = [
                "smtp_tls_security_level = secure", "smtp_tls_secure_cert_match = mail.example.org",
                "smtp_tls_CAfile = \(certificate.certificate)", "smtp_tls_loglevel = 1",
            ]
            try await PostfixPeer(relayingTo: server.port, settings: settings).whileRunning { postfix in
                let result = try await postfix.submit(
                    sample.unixBytes, from: "you@example.net", to: ["ann@example.org"], options: ["-B", "8BITMIME"])
                try #require(result.status == 0, "\(result.errors)")
                let message = try await server.message(for: "ann")
                expectIntact(message, sample.bytes)
                #expect(String(decoding: message.prefix(1_000), as: UTF8.self).contains(" with ESMTPS id "))
                #expect(postfix.log.contains("Verified TLS connection established to 127.0.0.1"))
            }
        }
    }

    @Test(arguments: ["may", "must", "verify"])
    func `Postfix gets a message by TLS`(policy: String) async throws {
        let sample = SampleMessage()
        let files = try TemporaryDirectory()
        let certificate = try await TestCertificate(for: ["IP:127.0.0.1"], in: files)
        let settings = [
            "smtpd_tls_security_level = encrypt", "smtpd_tls_cert_file = \(certificate.certificate)",
            "smtpd_tls_key_file = \(certificate.key)", "smtpd_tls_loglevel = 1", "smtpd_tls_received_header = yes",
        ]
        try await PostfixPeer(settings: settings).whileRunning { postfix in
            let more = "tls = \"\(policy)\"\n[tls]\nroots = \"\(certificate.certificate)\""
            try await RelayingServer.with(route: "smtp://127.0.0.1:\(postfix.port)", more) { server in
                try await RelayingServer.submit(
                    sample.bytes, to: ["someone@example.com"], from: "you@example.net", at: server)
                let message = try await eventually("the message", timeout: RelayingServer.patience) {
                    try postfix.messages(for: "someone@example.com").first
                }
                #expect(message.suffix(sample.unixBytes.count) == sample.unixBytes)
                #expect(String(decoding: message.prefix(1_000), as: UTF8.self).contains("(using TLSv1.3 with cipher"))
            }
        }
    }
}
