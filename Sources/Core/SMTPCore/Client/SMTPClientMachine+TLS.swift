import struct NIOCore.ByteBuffer

/// STARTTLS (RFC 3207).
extension SMTPClientMachine {
    /// What the server said about itself is known: goes on with STARTTLS if the session is to be encrypted and is not.
    ///
    /// - Returns: false where the session goes on as it is.
    mutating func beginsTLS() -> Bool {
        guard !isEncrypted, encryption != .never else { return false }
        if extensions.offers("STARTTLS") {
            if !refuseInjection() { send(.startTLS, "STARTTLS") }
            return true
        }
        guard encryption == .required else { return false }
        giveUp("the server does not offer STARTTLS")
        return true
    }

    mutating func startTLSAnswered(_ reply: SMTPReply) {
        if reply.severity == .positiveCompletion {
            if refuseInjection() { return }
            phase = .handshake
            act(.startTLS)
        } else if encryption == .required {
            giveUp("the server refuses STARTTLS: \(reply)")
        } else if !beginsAuthentication() {
            becomeReady()
        }
    }

    /// Nothing may stand behind a reply that comes before the handshake: somebody else could have put it there, for it to
    /// be taken for the server's word after it.
    private mutating func refuseInjection() -> Bool {
        guard input.readableBytes > 0 else { return false }
        fail(.violation("there is more behind the reply than belongs to it; somebody may be tampering"), at: .startTLS)
        return true
    }

    private mutating func giveUp(_ reason: String) {
        act(.send(ByteBuffer(string: "QUIT\r\n")))
        fail(.tls(reason), at: .startTLS)
    }
}
