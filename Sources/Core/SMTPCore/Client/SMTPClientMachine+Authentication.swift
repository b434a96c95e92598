import MailSASL

import struct NIOCore.ByteBuffer

/// AUTH (RFC 4954).
extension SMTPClientMachine {
    /// Goes on with AUTH if there is somebody to be, and nobody is that yet.
    ///
    /// - Returns: false where the session goes on as it is.
    mutating func beginsAuthentication() -> Bool {
        guard authentication != nil, !isAuthenticated else { return false }
        do throws(SASLClientFailure) {
            try authentication?.choose(
                of: extensions.keywords["AUTH"], channelBinding: channelBinding, isEncrypted: isEncrypted)
            tryNextMechanism()
        } catch {
            refuseAuthentication(error.description)
        }
        return true
    }

    private mutating func tryNextMechanism() {
        guard let authentication, let mechanism = authentication.candidates.first else {
            return refuseAuthentication("no mechanism is left")
        }
        self.authentication?.candidates.removeFirst()
        var exchange = SASLClient(
            mechanism, authentication.settings.credentials, offered: authentication.offered,
            nonce: authentication.settings.nonce, host: remoteHost, channelBinding: channelBinding)
        let command = "AUTH \(mechanism.rawValue)"
        let untouched = exchange
        let response = exchange.initialResponse().map { $0.isEmpty ? "=" : SASLBase64.encode($0) }
        // A command line has no more than 512 octets with its end (RFC 4954 §4).
        guard let response, command.utf8.count + response.utf8.count <= 509 else {
            self.authentication?.exchange = untouched
            return send(.auth, command)
        }
        self.authentication?.exchange = exchange
        sendSecret("\(command) \(response)", shown: "\(command) [secret]")
    }

    mutating func authenticationAnswered(_ reply: SMTPReply) {
        switch reply.severity {
        case .positiveIntermediate: answerChallenge(reply)
        case .positiveCompletion:
            guard authentication?.exchange?.isComplete == true else {
                return refuseAuthentication("the server believes us before it has shown that it knows the secret")
            }
            isAuthenticated = true
            authentication?.exchange = nil
            becomeReady()
        case .transientNegative, .permanentNegative:
            // Not this mechanism: another one may do.
            if [432, 504, 534].contains(reply.code), authentication?.candidates.isEmpty == false {
                return tryNextMechanism()
            }
            refuseAuthentication("\(reply)", isPermanent: reply.severity == .permanentNegative)
        }
    }

    private mutating func answerChallenge(_ reply: SMTPReply) {
        guard let challenge = SASLBase64.decode(reply.lines.first ?? "") else {
            return cancel("the server's challenge is not base64")
        }
        do throws(SASLClientFailure) {
            guard let response = try authentication?.exchange?.respond(to: challenge) else {
                return cancel("the server wants an answer to nothing")
            }
            sendSecret(SASLBase64.encode(response), shown: "[secret]")
        } catch {
            cancel(error.description)
        }
    }

    private mutating func cancel(_ reason: String) {
        act(.send(ByteBuffer(string: "*\r\n")))
        refuseAuthentication(reason)
    }

    private mutating func sendSecret(_ text: String, shown: String) {
        awaiting.append(Command(stage: .auth, text: shown))
        act(.sendSecret(ByteBuffer(string: text + "\r\n"), shown: shown))
    }

    private mutating func refuseAuthentication(_ reason: String, isPermanent: Bool = true) {
        act(.send(ByteBuffer(string: "QUIT\r\n")))
        fail(.authentication(reason, isPermanent: isPermanent), at: .auth)
    }
}
