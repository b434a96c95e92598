import MailCore
import NIOCore
import SMTPCore

/// A client with messages for two recipients each, and what came of them.
struct ClientSession {
    private var machine: SMTPClientMachine
    private let content = ByteBuffer(string: "Subject: x\r\n\r\n.Hello\r\n")
    private(set) var results: [TransactionResult] = []
    private(set) var closings = 0
    /// Transactions that were begun, and those that are to be.
    private(set) var begun = 1
    private var waiting: Int
    private let envelope: Envelope
    private let message: ByteBuffer?

    var isClosed: Bool { closings > 0 }

    /// - Parameter choice: whether it is LMTP, whether the message is at hand beforehand, and whether others follow it.
    init?(_ choice: UInt8) {
        guard let domain = try? Domain("client.example"), let bob = try? EmailAddress("bob@mx.example"),
            let cid = try? EmailAddress("cid@mx.example")
        else { return nil }
        machine = SMTPClientMachine(choice & 1 == 0 ? .smtp : .lmtp, localName: .domain(domain))
        envelope = Envelope(
            reversePath: .null, recipients: [EnvelopeRecipient(bob, notify: .failure), EnvelopeRecipient(cid)])
        message = choice & 2 == 0 ? content : nil
        waiting = choice & 8 == 0 ? 0 : 20
        machine.begin(envelope, size: UInt64(content.readableBytes), message: message)
        if waiting == 0 { machine.quit() }
    }

    mutating func play(_ octets: Slice<UnsafeRawBufferPointer>, byOctet: Bool) {
        if byOctet {
            for octet in octets { receive(ByteBuffer(bytes: [octet])) }
        } else {
            receive(ByteBuffer(bytes: octets))
        }
        machine.connectionClosed()
        takeActions()
    }

    private mutating func receive(_ bytes: ByteBuffer) {
        machine.receive(bytes)
        takeActions()
        while waiting > 0, machine.canBegin || machine.canFollow {
            (waiting, begun) = (waiting - 1, begun + 1)
            machine.begin(envelope, size: UInt64(content.readableBytes), message: message)
            takeActions()
            if waiting == 0 { machine.quit() }
        }
    }

    private mutating func takeActions() {
        while let action = machine.next() {
            precondition(closings == 0, "\(action) came behind the end")
            switch action {
            case .needContent:
                machine.append(content)
                machine.endContent()
            case .finished(let result): results.append(result)
            case .close: closings += 1
            case .send, .sendSecret, .sendContent, .startTLS, .replied, .ready, .answered, .failed: break
            }
        }
    }
}
