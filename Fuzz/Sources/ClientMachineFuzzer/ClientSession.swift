import MailCore
import NIOCore
import SMTPCore

/// A client with one message for two recipients, and what came of it.
struct ClientSession {
    private var machine: SMTPClientMachine
    private let content = ByteBuffer(string: "Subject: x\r\n\r\n.Hello\r\n")
    private(set) var results: [TransactionResult] = []
    private(set) var closings = 0

    var isClosed: Bool { closings > 0 }

    /// - Parameter choice: whether it is LMTP, and whether the message is at hand beforehand.
    init?(_ choice: UInt8) {
        guard let domain = try? Domain("client.example"), let bob = try? EmailAddress("bob@mx.example"),
            let cid = try? EmailAddress("cid@mx.example")
        else { return nil }
        machine = SMTPClientMachine(choice & 1 == 0 ? .smtp : .lmtp, localName: .domain(domain))
        let envelope = Envelope(
            reversePath: .null, recipients: [EnvelopeRecipient(bob, notify: .failure), EnvelopeRecipient(cid)])
        machine.begin(envelope, size: UInt64(content.readableBytes), message: choice & 2 == 0 ? content : nil)
        machine.quit()
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
            case .send, .sendSecret, .sendContent, .startTLS, .replied, .ready, .failed: break
            }
        }
    }
}
