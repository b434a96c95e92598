import Foundation
import MailTesting
import Testing

/// A client that somebody else wrote logs in by one mechanism, and submits a message from ann to bob.
struct LoginClient: CustomTestStringConvertible, Sendable {
    enum Program: String, Sendable {
        case curl, msmtp, swaks
        case python = "python3"
        case martlet
    }

    let program: Program
    let mechanism: String
    let isImplicit: Bool

    static let user = "ann@example.org"
    static let message = Data(
        "From: ann@example.org\r\nTo: bob@example.org\r\nSubject: Logged in\r\n\r\nHello\r\n".utf8)

    /// Every mechanism that a client speaks, over STARTTLS and with implicit TLS, which `martlet send` does not speak.
    static let all: [LoginClient] = [
        (.curl, ["PLAIN", "LOGIN"]), (.msmtp, ["PLAIN", "LOGIN", "SCRAM-SHA-256"]), (.python, ["PLAIN", "LOGIN"]),
        (.swaks, ["PLAIN", "LOGIN"]), (.martlet, ["SCRAM-SHA-256-PLUS"]),
    ]
    .flatMap { (program: Program, mechanisms: [String]) in
        mechanisms.flatMap { mechanism in
            (program == .martlet ? [false] : [false, true]).map {
                LoginClient(program: program, mechanism: mechanism, isImplicit: $0)
            }
        }
    }

    var testDescription: String { "\(program) by \(mechanism) over \(isImplicit ? "implicit TLS" : "STARTTLS")" }

    /// - Parameter certificate: of the server, for the clients that check it.
    func send(
        to server: MartletServer, _ certificate: TestCertificate, password: String,
        isolation: isolated (any Actor)? = #isolation
    ) async throws -> ProcessResult {
        let files = try TemporaryDirectory()
        let path = program == .martlet ? try MartletServer.program : try Tool.require(program.rawValue)
        let arguments =
            switch program {
            case .curl: curl(server, certificate, password)
            case .msmtp: try msmtp(server, certificate, password, files)
            case .swaks: swaks(server, password)
            case .python:
                [
                    script("login.py"), "\(server.port)", isImplicit ? "implicit" : "starttls", mechanism, Self.user,
                    password, Self.user, "bob@example.org",
                ]
            case .martlet: try martlet(server, password, files)
            }
        return try await run(path, arguments, input: Self.message)
    }

    private func curl(_ server: MartletServer, _ certificate: TestCertificate, _ password: String) -> [String] {
        [
            "--silent", "--show-error", "--ssl-reqd", "--cacert", certificate.certificate, "--connect-to",
            "mail.example.org::127.0.0.1:\(server.port)",
            "\(isImplicit ? "smtps" : "smtp")://mail.example.org:\(server.port)/client.example.net", "--user",
            "\(Self.user):\(password)", "--login-options", "AUTH=\(mechanism)", "--mail-from", Self.user, "--mail-rcpt",
            "bob@example.org", "--upload-file", "-",
        ]
    }

    private func msmtp(
        _ server: MartletServer, _ certificate: TestCertificate, _ password: String, _ files: TemporaryDirectory
    ) throws -> [String] {
        let configuration = """
            defaults
            tls on
            tls_starttls \(isImplicit ? "off" : "on")
            tls_trust_file \(certificate.certificate)
            tls_host_override mail.example.org
            account default
            host 127.0.0.1
            port \(server.port)
            auth \(mechanism.lowercased())
            user \(Self.user)
            password "\(password)"
            from \(Self.user)

            """
        let file = try files.write(Data(configuration.utf8), to: "msmtprc")
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
        return ["--file=\(file)", "bob@example.org"]
    }

    private func swaks(_ server: MartletServer, _ password: String) -> [String] {
        [
            "--server", "127.0.0.1:\(server.port)", isImplicit ? "--tls-on-connect" : "--tls", "--from", Self.user,
            "--to", "bob@example.org", "--auth", mechanism, "--auth-user", Self.user, "--auth-password", password,
            "--header", "Subject: Logged in",
        ]
    }

    private func martlet(_ server: MartletServer, _ password: String, _ files: TemporaryDirectory) throws -> [String] {
        let file = try files.write(Data("\(password)\n".utf8), to: "password")
        return [
            "send", "--via", "\(isImplicit ? "smtps" : "smtp")://127.0.0.1:\(server.port)", "--user", Self.user,
            "--password-file", file, "--from", Self.user, "--to", "bob@example.org", "--subject", "Logged in", "--text",
            "Hello",
        ]
    }
}
