import Foundation
import MailTesting
import NIOCore
import NIOEmbedded
import SMTPServer
import Testing

/// What becomes of a session between STARTTLS and the end of its handshake.
@Suite(.requires("openssl")) struct HandshakeTests {
    private func session(
        _ encryption: SMTPListenerConfiguration.Encryption, record: ScriptedDelegate.Record
    ) async throws -> EmbeddedSession {
        let files = try TemporaryDirectory()
        let made = try await TestCertificate(for: ["mx.example.org"], in: files)
        let credentials = try TLSCredentials(
            certificate: String(decoding: contents(of: made.certificate), as: UTF8.self),
            key: String(decoding: contents(of: made.key), as: UTF8.self))
        var configuration = SMTPListenerConfiguration.test()
        configuration.encryption = encryption
        return try EmbeddedSession(
            configuration, delegate: ScriptedDelegate(record: record), tls: TLSServerContext(credentials))
    }

    private func askForTLS(_ session: EmbeddedSession) throws {
        try session.send("EHLO c\r\n")
        try session.send("STARTTLS\r\n")
    }

    @Test(arguments: [SMTPListenerConfiguration.Encryption.startTLS, .implicit])
    func `a handshake has a minute`(_ encryption: SMTPListenerConfiguration.Encryption) async throws {
        let record = ScriptedDelegate.Record()
        let session = try await session(encryption, record: record)
        if encryption == .startTLS { try askForTLS(session) }
        session.advance(59)
        #expect(session.isOpen)
        session.advance(2)
        #expect(record.events.contains("TLS failed: the peer did not complete the handshake in time"))
        // TLS waits another moment for the peer to agree to the end.
        session.advance(10)
        #expect(!session.isOpen)
        #expect(record.events.last == "ended")
    }

    @Test func `what is no handshake ends the session without a reply in clear`() async throws {
        let record = ScriptedDelegate.Record()
        let session = try await session(.startTLS, record: record)
        try askForTLS(session)
        #expect(try session.codes().last == "220")
        try? session.send("NOOP\r\n")
        #expect(record.events.contains("TLS failed: wrong version number"))
        #expect(try !session.writes().joined().contains("250"))
    }

    @Test func `with implicit TLS nothing is said in clear`() async throws {
        let session = try await session(.implicit, record: .init())
        #expect(try session.writes() == [])
        try? session.send("EHLO c\r\n")
        #expect(try !session.writes().joined().contains("mx.example.org"))
    }

    @Test func `STARTTLS is offered by a listener that has certificates, and by no other`() async throws {
        let withTLS = try await session(.startTLS, record: .init())
        try withTLS.send("EHLO c\r\n")
        #expect(try withTLS.writes().joined().contains("250-STARTTLS\r\n"))
        let without = try EmbeddedSession()
        try askForTLS(without)
        #expect(try without.codes().last == "502")
    }
}

/// Certificates and keys as they stand in files.
@Suite(.requires("openssl")) struct TLSCredentialsTests {
    @Test func `a certificate is for its names, and for those that a wildcard covers`() async throws {
        let files = try TemporaryDirectory()
        let made = try await TestCertificate(for: ["mx.example.org", "*.example.net"], in: files)
        let (certificate, key) = (try contents(of: made.certificate), try contents(of: made.key))
        let credentials = try TLSCredentials(
            certificate: String(decoding: certificate, as: UTF8.self), key: String(decoding: key, as: UTF8.self))
        #expect(credentials.names == ["mx.example.org", "*.example.net"])
        for name in ["mx.example.org", "a.example.net"] { #expect(credentials.covers(name), "\(name)") }
        for name in ["example.org", "example.net", "a.b.example.net", "xmx.example.org", ""] {
            #expect(!credentials.covers(name), "\(name)")
        }
    }

    @Test func `what cannot be used is named`() async throws {
        let files = try TemporaryDirectory()
        let made = try await TestCertificate(for: ["mx.example.org"], in: files)
        let other = try await TestCertificate(for: ["mx.example.org"], in: files, name: "other")
        let certificate = String(decoding: try contents(of: made.certificate), as: UTF8.self)
        let otherKey = String(decoding: try contents(of: other.key), as: UTF8.self)
        #expect(throws: TLSCredentialsError.noCertificate) { try TLSCredentials(certificate: otherKey, key: otherKey) }
        #expect(throws: TLSCredentialsError.noKey) { try TLSCredentials(certificate: certificate, key: certificate) }
        #expect(throws: TLSCredentialsError.mismatch) { try TLSCredentials(certificate: certificate, key: otherKey) }
    }
}

private func contents(of path: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path)) }
