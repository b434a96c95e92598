import Foundation
import MailServer
import MailTesting
import Testing

/// What works and is still not as it should be.
@Suite struct ConfigurationWarningTests {
    private let files: TemporaryDirectory

    init() throws {
        files = try TemporaryDirectory()
    }

    private func file(_ name: String, permissions: Int, _ text: String = "secret\n") throws -> String {
        let path = try files.write(Data(text.utf8), to: name)
        try FileManager.default.setAttributes([.posixPermissions: permissions], ofItemAtPath: path)
        return path
    }

    @Test func `a file with a secret that everybody can read is named with its line`() throws {
        let (open, closed) = (try file("open", permissions: 0o644), try file("closed", permissions: 0o640))
        let configuration = try parse(
            """
            [route.default]
            to = "smtps://mail.example.net"
            user = "ann"
            password_file = "\(closed)"
            [route."example.com"]
            to = "smtps://mail.example.net"
            user = "ann"
            password_file = "\(open)"
            """)
        #expect(
            configuration.openSecrets.map(\.description) == [
                "martlet.toml:8: \"\(open)\": everybody on this machine can read it; see chmod o-r"
            ])
    }

    @Test(.requires("openssl"))
    func `a certificate that is not for the host name is told, unless another one is`() async throws {
        let certificate = try await TestCertificate(for: ["mail.example.org"], in: files)
        let tls = "[tls]\ncertificate = \"\(certificate.certificate)\"\nkey = \"\(certificate.key)\"\n"
        #expect(try parse("hostname = \"Mail.example.org\"\n" + tls).warnings.isEmpty)
        let other = try parse("hostname = \"mx.example.org\"\n" + tls).warnings.map(\.description)
        let told = "the certificate is for mail.example.org, not for the hostname mx.example.org"
        #expect(other.count == 1 && other.allSatisfy { $0.hasPrefix("martlet.toml:3: \(told)") }, "\(other)")
    }
}
