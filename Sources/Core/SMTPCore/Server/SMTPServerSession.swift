import MailCore

/// What lives as long as the connection. EHLO and STARTTLS say here what they clear; RSET clears nothing of it.
struct SMTPServerSession: Equatable {
    private(set) var hello: HelloCommand?
    private(set) var identity: String?
    private(set) var isEncrypted = false
    /// Whether TLS has shown who the client is.
    private(set) var clientIsKnown = false
    /// Whether the server has said its greeting, or that there will be none.
    private(set) var isGreeted = false
    /// What the peer may do, whoever it proves to be.
    var peerPrivileges: SMTPServerPrivileges = []
    /// What the identity may do.
    private var ownPrivileges: SMTPServerPrivileges = []
    /// Whether the greeting was a refusal, after which only QUIT is understood (RFC 5321 §3.1).
    var isTurnedAway = false
    private(set) var errors = 0
    private(set) var longLines = 0
    private(set) var idleCommands = 0

    mutating func welcome() { isGreeted = true }

    /// EHLO begins the dialogue anew; who the peer proved to be stays.
    mutating func greet(_ hello: HelloCommand) {
        self.hello = hello
    }

    mutating func authenticate(as identity: String, _ privileges: SMTPServerPrivileges) {
        self.identity = identity
        ownPrivileges = privileges
    }

    /// After the handshake nothing counts that was said before it (RFC 3207 §4.2).
    mutating func encrypt(clientIsKnown: Bool) {
        self.clientIsKnown = clientIsKnown
        hello = nil
        identity = nil
        ownPrivileges = []
        isEncrypted = true
    }

    /// Another client is there, who proved elsewhere to be `identity`. What was counted stays counted.
    mutating func beginAnew(as identity: String?) {
        hello = nil
        self.identity = identity
        isGreeted = false
        isTurnedAway = false
        peerPrivileges = []
        ownPrivileges = []
    }

    mutating func countError() { errors += 1 }
    mutating func countLongLine() { longLines += 1 }
    mutating func countIdleCommand() { idleCommands += 1 }
    mutating func countMessage() { idleCommands = 0 }

    var privileges: SMTPServerPrivileges { peerPrivileges.union(ownPrivileges) }

    /// Whether the peer speaks the extended protocol.
    var isExtended: Bool { hello.map { $0.verb != .helo } ?? false }
}
