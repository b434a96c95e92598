public import Foundation

/// Postfix, as `scripts/peers` unpacked it: takes mail for every domain over SMTP into Maildirs, or hands what is
/// submitted to it to a server of the test.
public final class PostfixPeer: Peer {
    public let port: Int
    private let process: PeerProcess
    private let relayPort: Int?

    /// - Parameters:
    ///   - relayPort: where on the loopback it sends all mail; with nil it delivers all mail itself.
    ///   - settings: lines added to main.cf.
    public init(relayingTo relayPort: Int? = nil, settings: [String] = []) throws {
        process = try PeerProcess()
        port = try LoopbackListener.freePort()
        self.relayPort = relayPort
        try process.directory.write(Data((mainSettings + settings + [""]).joined(separator: "\n").utf8), to: "main.cf")
        try process.directory.write(Data(services.utf8), to: "master.cf")
    }

    public var log: String { process.log }

    public func start() async throws {
        let states = ["active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming"]
        try await process.makeFolders(["mail", "data", "spool"], mode: "0755")
        try await process.makeFolders((states + ["private", "saved", "trace", "pid"]).map { "spool/\($0)" })
        try await process.makeFolders(["spool/public", "spool/maildrop"], group: "mail", mode: "0730")
        try await process.start(["/usr/lib/postfix/sbin/master", "-c", process.directory.path, "-s"], port: port)
    }

    public func stop() async throws { try await process.stop() }

    /// Submits a message with Postfix's `sendmail`.
    ///
    /// - Parameter options: further ones, such as `-N` and `-V` for delivery status notifications.
    public func submit(
        _ message: Data, from sender: String, to recipients: [String], options: [String] = []
    ) async throws -> ProcessResult {
        let arguments = ["-C", process.directory.path, "-i", "-f", sender] + options + ["--"] + recipients
        return try await run(Tool.require("with-peers"), ["/usr/sbin/sendmail"] + arguments, input: message)
    }

    /// The messages that Postfix delivered to this address, with LF at line ends as it writes them.
    public func messages(for address: String) throws -> [Data] {
        let field = Data("\nDelivered-To: \(address)\n".utf8)
        return try Maildir(path: process.directory.path("mail/all")).messages()
            .filter { $0.prefix(1_000).range(of: field) != nil }
    }

    /// The programs find each other through main.cf, not at the places that Debian compiled in.
    private var mainSettings: [String] {
        let folder = process.directory.path
        let way =
            relayPort.map { ["relayhost = [127.0.0.1]:\($0)"] } ?? [
                "virtual_mailbox_domains = static:all", "virtual_mailbox_base = \(folder)/mail",
                "virtual_mailbox_maps = static:all/", "virtual_minimum_uid = 1",
                "virtual_uid_maps = static:1", "virtual_gid_maps = static:1",
            ]
        return [
            "compatibility_level = 3.6", "queue_directory = \(folder)/spool", "data_directory = \(folder)/data",
            "meta_directory = \(folder)", "mail_owner = \(PeerProcess.user)", "setgid_group = mail",
            "default_privs = nobody", "maillog_file = \(folder)/log", "maillog_file_prefixes = \(folder)",
            "myhostname = postfix.example.net", "mydestination =", "mynetworks = 127.0.0.0/8", "alias_maps =",
            "inet_interfaces = 127.0.0.1", "inet_protocols = ipv4", "smtp_host_lookup = native",
            "smtpd_peername_lookup = no", "smtpd_tls_security_level = none", "smtp_tls_security_level = none",
        ] + way
    }

    private var services: String {
        let daemons = [
            "pickup unix n - n 1 1 pickup", "cleanup unix n - n - 0 cleanup", "qmgr unix n - n 300 1 qmgr",
            "rewrite unix - - n - - trivial-rewrite", "bounce unix - - n - 0 bounce", "defer unix - - n - 0 bounce",
            "trace unix - - n - 0 bounce", "proxymap unix - - n - - proxymap", "smtp unix - - n - - smtp",
            "showq unix n - n - - showq", "error unix - - n - - error", "retry unix - - n - - error",
            "virtual unix - n n - - virtual", "anvil unix - - n - 1 anvil", "scache unix - - n - 1 scache",
            "postlog unix-dgram n - n - 1 postlogd", "tlsmgr unix - - n 1000? 1 tlsmgr",
        ]
        return (["127.0.0.1:\(port) inet n - n - - smtpd"] + daemons + [""]).joined(separator: "\n")
    }
}
