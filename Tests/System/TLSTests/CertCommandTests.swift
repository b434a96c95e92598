import Foundation
import MailTesting
import Testing

/// `martlet cert` makes what a server and its clients can use.
@Suite(.requires("openssl", "python3")) struct CertCommandTests {
    private func cert(in directory: TemporaryDirectory, _ arguments: String...) async throws -> ProcessResult {
        try await run(MartletServer.program, ["cert"] + arguments, directory: directory.path)
    }

    @Test func `a server shows the certificate, and openssl trusts it by name and by address`() async throws {
        let files = try TemporaryDirectory()
        let made = try await cert(in: files, "mail.example.org", "*.example.net", "127.0.0.1", "--out", "mail")
        #expect(made.status == 0, "\(made.errors)")
        let tls = "[tls]\ncertificate = \"\(files.path("mail.pem"))\"\nkey = \"\(files.path("mail.key"))\""
        try await MartletServer.with(configuration: tls) { server in
            let client = try await TLSClient.run("session", port: server.port)
            #expect(made.output.contains(#"tls = "sha256:\#(client.fingerprint ?? "none")""#), "\(made.output)")
            for check in [["-verify_hostname", "mx.example.net"], ["-verify_ip", "127.0.0.1"]] {
                let result = try await run(
                    Tool.require("openssl"),
                    [
                        "s_client", "-connect", "127.0.0.1:\(server.port)", "-starttls", "smtp", "-CAfile",
                        files.path("mail.pem"), "-verify_return_error",
                    ] + check, input: Data("QUIT\r\n".utf8))
                #expect(result.output.contains("Verify return code: 0 (ok)"), "\(result.output)\(result.errors)")
            }
        }
    }

    @Test func `the key is its owner's alone, and neither file is written over`() async throws {
        let files = try TemporaryDirectory()
        #expect(try await cert(in: files).status == 0)
        let key = try Data(contentsOf: URL(fileURLWithPath: files.path("martlet.key")))
        let mode = try FileManager.default.attributesOfItem(atPath: files.path("martlet.key"))[.posixPermissions]
        #expect(mode as? Int == 0o600)
        let again = try await cert(in: files)
        #expect(again.status == 73)
        #expect(again.errors == "martlet: martlet.pem is there already: remove it, or choose another --out\n")
        #expect(try Data(contentsOf: URL(fileURLWithPath: files.path("martlet.key"))) == key)
    }

    @Test func `it is good at once, also where clocks are slow`() async throws {
        let files = try TemporaryDirectory()
        #expect(try await cert(in: files).status == 0)
        let slow = Int(Date().timeIntervalSince1970) - 1_800
        let path = files.path("martlet.pem")
        let result = try await run(
            Tool.require("openssl"), ["verify", "-attime", "\(slow)", "-CAfile", path, path])
        #expect(result.status == 0, "\(result.output)\(result.errors)")
    }

    @Test(arguments: ["not a name", "a..b", "", "300.1.1.1/8"])
    func `what is no name is refused, and nothing is written`(_ name: String) async throws {
        let files = try TemporaryDirectory()
        let result = try await cert(in: files, "--", name)
        #expect(result.status == 64)
        #expect(result.errors.contains("is neither a domain of at most 64 ASCII characters nor an IP address"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: files.path).isEmpty)
    }
}
