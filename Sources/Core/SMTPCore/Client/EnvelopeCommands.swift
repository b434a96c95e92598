import MailCore

/// The envelope as MAIL and RCPT say it to a server, with the parameters the server knows.
struct EnvelopeCommands {
    let envelope: Envelope
    let size: UInt64?
    /// Whether the message goes with BDAT.
    var isChunk = false
    var isEncrypted = false
    let extensions: ServerExtensions

    /// Whether an address, or the message by what its sender said, needs SMTPUTF8 (RFC 6531 §3.4).
    var needsSMTPUTF8: Bool {
        envelope.options.smtputf8 || !(envelope.reversePath.mailbox?.isASCII ?? true)
            || !envelope.recipients.allSatisfy(\.address.isASCII)
    }

    /// MAIL without its line end.
    var mail: String {
        var text = "MAIL FROM:\(envelope.reversePath)"
        if extensions.size, let size { text += " SIZE=\(size)" }
        switch envelope.options.body {
        case .eightBit where extensions.eightBitMIME: text += " BODY=8BITMIME"
        case .binary: text += " BODY=BINARYMIME"
        case .sevenBit, .eightBit: break
        }
        if needsSMTPUTF8 { text += " SMTPUTF8" }
        if envelope.options.requireTLS { text += " REQUIRETLS" }
        guard extensions.dsn else { return text }
        if let part = envelope.options.return { text += " RET=\(part.rawValue)" }
        if let id = envelope.options.envelopeID { text += " ENVID=\(XText.encode(id))" }
        return text
    }

    /// RCPT without its line end.
    func rcpt(_ recipient: EnvelopeRecipient) -> String {
        var text = "RCPT TO:<\(recipient.address)>"
        guard extensions.dsn else { return text }
        if let notify = recipient.notify { text += " NOTIFY=\(Self.text(of: notify))" }
        if let original = recipient.original {
            text += " ORCPT=\(original.addressType);\(XText.encode(original.address))"
        }
        return text
    }

    /// Why the server cannot take the message, known before it is asked; nil where it can.
    func refusal(remoteHost: String?) -> Outcome? {
        func failed(_ subject: Int, _ detail: Int, _ text: String) -> Outcome {
            let status = EnhancedStatusCode(.permanentFailure, subject, detail)
            return Outcome(.failed, status: status, diagnostic: text, remoteHost: remoteHost)
        }
        if let limit = extensions.largestMessage, let size, size > limit {
            return failed(3, 4, "the message has \(size) octets, and the server takes \(limit)")
        }
        if envelope.options.requireTLS, !isEncrypted || !extensions.offers("REQUIRETLS") {
            return failed(7, 30, "the sender wants REQUIRETLS, and the server does not offer it over TLS")
        }
        if needsSMTPUTF8, !extensions.smtputf8 {
            return failed(6, 7, "the server does not offer SMTPUTF8, and \(reasonForSMTPUTF8)")
        }
        switch envelope.options.body {
        case .eightBit where !extensions.eightBitMIME: return failed(6, 3, "the server does not offer 8BITMIME")
        case .binary where !isChunk || !extensions.binaryMIME:
            return failed(6, 3, "a binary message cannot be sent with DATA")
        case .sevenBit, .eightBit, .binary: return nil
        }
    }

    /// What needs SMTPUTF8, and what whoever wrote the message can do.
    private var reasonForSMTPUTF8: String {
        let addresses = [envelope.reversePath.mailbox].compactMap(\.self) + envelope.recipients.map(\.address)
        if let address = addresses.first(where: { !$0.isASCII }) {
            return "<\(address)> is not ASCII; use an ASCII address of theirs"
        }
        return "the message was declared with it; where only its header has text beyond ASCII, write that as encoded "
            + "words (RFC 2047)"
    }

    private static func text(of notify: NotifyConditions) -> String {
        guard !notify.isEmpty else { return "NEVER" }
        let names: [(NotifyConditions, String)] = [(.success, "SUCCESS"), (.failure, "FAILURE"), (.delay, "DELAY")]
        return names.filter { notify.contains($0.0) }.map(\.1).joined(separator: ",")
    }
}
