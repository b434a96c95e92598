public import Foundation

/// Dovecot, as `scripts/peers` unpacked it: an LMTP server that takes mail for every address into Maildirs, on a port
/// and on a UNIX socket, and an authentication service.
public final class DovecotPeer: Peer {
    public let port: Int
    private let process: PeerProcess

    /// - Parameter passwords: of users who can log in, by their names.
    public init(passwords: [String: String] = [:]) throws {
        process = try PeerProcess()
        port = try LoopbackListener.freePort()
        let users = passwords.map { "\($0.key):{PLAIN}\($0.value)::::::\n" }.joined()
        try process.directory.write(Data(users.utf8), to: "users")
        try process.directory.write(Data(configuration.utf8), to: "dovecot.conf")
    }

    /// The path of its UNIX socket.
    public var socket: String { process.directory.path("lmtp") }

    /// The path of the socket of its authentication service.
    public var authenticationSocket: String { process.directory.path("auth-client") }

    public var log: String { process.log }

    public func start() async throws {
        try await process.makeFolders(["mail"])
        try await process.start(["/usr/sbin/dovecot", "-F", "-c", process.directory.path("dovecot.conf")], port: port)
    }

    public func stop() async throws { try await process.stop() }

    /// The messages that Dovecot delivered to this address, with CRLF at line ends.
    public func messages(for address: String) throws -> [Data] {
        try Maildir(path: process.directory.path("mail/\(address)")).messages()
    }

    private var configuration: String {
        let folder = process.directory.path
        return """
            protocols = lmtp
            base_dir = \(folder)/run
            state_dir = \(folder)/state
            log_path = \(folder)/log
            ssl = no
            hostname = dovecot.example.net
            postmaster_address = postmaster@example.net
            default_internal_user = \(PeerProcess.user)
            default_internal_group = \(PeerProcess.user)
            default_login_user = nobody
            first_valid_uid = 1
            first_valid_gid = 1
            mail_location = maildir:\(folder)/mail/%u
            mail_save_crlf = yes
            auth_mechanisms = plain login cram-md5 scram-sha-256
            auth_failure_delay = 0
            passdb {
              driver = passwd-file
              args = \(folder)/users
            }
            service auth {
              unix_listener \(authenticationSocket) {
                mode = 0666
              }
            }
            userdb {
              driver = static
              args = uid=\(PeerProcess.user) gid=\(PeerProcess.user) home=\(folder)/mail/%u allow_all_users=yes
            }
            service lmtp {
              inet_listener lmtp {
                address = 127.0.0.1
                port = \(port)
              }
              unix_listener \(socket) {
                mode = 0666
              }
            }

            """
    }
}
