import NIOCore
import SMTPCore

/// Turns what goes over the wire into lines for whoever listens.
struct TranscriptRecorder {
    private let listener: @Sendable (TranscriptLine) -> Void
    private let start = ContinuousClock.now
    /// Octets of the message that were sent and not yet told of.
    private var contentOctets = 0
    private var isContent = false

    init(_ listener: @escaping @Sendable (TranscriptLine) -> Void) {
        self.listener = listener
    }

    mutating func contentBegins() { isContent = true }

    mutating func sentContent(_ buffer: ByteBuffer) {
        isContent = true
        contentOctets += buffer.readableBytes
    }

    mutating func sent(_ buffer: ByteBuffer) {
        tellContent()
        tell(.sent, buffer)
    }

    mutating func received(_ exchange: SMTPExchange) {
        tellContent()
        var buffer = ByteBuffer()
        (exchange.stage == .auth ? exchange.reply.withoutSecrets : exchange.reply).write(to: &buffer)
        tell(.received, buffer)
    }

    /// The handshake is done.
    mutating func encrypted(_ session: TLSSession) {
        let peer = session.peer.map { peer in
            let names = peer.names.isEmpty ? "no name" : peer.names.joined(separator: " ")
            return ", certificate for \(names) (\(peer.isVerified ? "" : "not ")verified), sha256:\(peer.fingerprint)"
        }
        listener(TranscriptLine(.received, "[\(session)\(peer ?? "")]", offset: ContinuousClock.now - start))
    }

    private mutating func tellContent() {
        guard isContent else { return }
        listener(TranscriptLine(.sent, "[\(contentOctets) octets of message]", offset: ContinuousClock.now - start))
        contentOctets = 0
        isContent = false
    }

    private func tell(_ direction: TranscriptLine.Direction, _ buffer: ByteBuffer) {
        let offset = ContinuousClock.now - start
        for line in buffer.readableBytesView.split(separator: UInt8(ascii: "\n")) {
            let text = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
            listener(TranscriptLine(direction, String(decoding: text, as: UTF8.self), offset: offset))
        }
    }
}
