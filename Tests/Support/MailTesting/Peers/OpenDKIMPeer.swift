import Foundation

/// OpenDKIM, as `scripts/peers` unpacked it: a filter that signs what comes from this machine, and another that verifies
/// what comes from anywhere, with the public key in a file and not in DNS.
public final class OpenDKIMPeer: Peer {
    /// What it does with messages.
    public enum Role: Sendable { case sign, verify }

    public let port: Int
    private let process: PeerProcess
    private let role: Role
    private let keys: TemporaryDirectory

    /// - Parameter keys: a folder for the key pair, the same for who signs and who verifies.
    public init(_ role: Role, keys: TemporaryDirectory) throws {
        process = try PeerProcess()
        port = try LoopbackListener.freePort()
        (self.role, self.keys) = (role, keys)
    }

    public var log: String { process.log }

    /// Makes the key pair of `test._domainkey.example.org` in a folder.
    public static func makeKeys(in folder: TemporaryDirectory) async throws {
        let openssl = try Tool.require("openssl")
        let made = try await run(openssl, ["genrsa", "-out", folder.path("key.pem"), "2048"])
        let shown = try await run(openssl, ["rsa", "-in", folder.path("key.pem"), "-pubout"])
        guard made.status == 0, shown.status == 0 else { throw PeerEnded(status: shown.status, log: shown.errors) }
        let key = shown.output.split(separator: "\n").filter { !$0.hasPrefix("-") }.joined()
        try folder.write(Data("test._domainkey.example.org v=DKIM1; k=rsa; p=\(key)\n".utf8), to: "keys")
    }

    public func start() async throws {
        // Whose mail is signed, and whose is not.
        try process.directory.write(Data((role == .sign ? "127.0.0.1\n" : "192.0.2.1\n").utf8), to: "internal")
        try process.directory.write(Data(configuration.utf8), to: "opendkim.conf")
        try await process.start(
            ["/usr/sbin/opendkim", "-f", "-x", process.directory.path("opendkim.conf")], port: port)
    }

    public func stop() async throws { try await process.stop() }

    private var configuration: String {
        let common = """
            Socket inet:\(port)@127.0.0.1
            InternalHosts \(process.directory.path("internal"))
            Syslog no
            RequireSafeKeys no

            """
        switch role {
        case .sign:
            return common + """
                Mode s
                Domain example.org
                Selector test
                KeyFile \(keys.path("key.pem"))
                Canonicalization simple/simple

                """
        case .verify:
            return common + """
                Mode v
                AlwaysAddARHeader yes
                AuthservID mail.example.org
                TestPublicKeys \(keys.path("keys"))

                """
        }
    }
}
