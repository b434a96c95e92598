public import struct NIOCore.ByteBuffer

/// Reads the cipher suite out of a server's first flight, which is in clear in every version of TLS (RFC 5246 §7.4.1.3,
/// RFC 8446 §4.1.3).
public struct ServerHelloReader: Sendable {
    private static let handshakeRecord: UInt8 = 22
    private static let serverHello: UInt8 = 2
    /// Octets up to the session ID: record header (5), message header (4), version (2), random (32).
    private static let lengthBeforeSessionID = 43
    /// No server's hello has its cipher suite behind this: a session ID has at most 32 octets.
    private static let limit = lengthBeforeSessionID + 1 + 32 + 2

    private var input = ByteBuffer()

    /// The number of the cipher suite; nil until it was seen.
    public private(set) var cipherSuite: UInt16?
    /// Whether nothing more will be found.
    public private(set) var isDone = false

    public init() {}

    /// Takes octets that the server sent, from the first one on.
    public mutating func receive(_ bytes: ByteBuffer) {
        guard !isDone else { return }
        let count = min(bytes.readableBytes, Self.limit - input.readableBytes)
        input.writeBytes(bytes.readableBytesView.prefix(count))
        cipherSuite = readCipherSuite()
        isDone = cipherSuite != nil || input.readableBytes == Self.limit || !isServerHello
        if isDone { input = ByteBuffer() }
    }

    private var isServerHello: Bool {
        let bytes = input.readableBytesView
        return (bytes.first ?? Self.handshakeRecord) == Self.handshakeRecord
            && (bytes.dropFirst(5).first ?? Self.serverHello) == Self.serverHello
    }

    private func readCipherSuite() -> UInt16? {
        guard isServerHello, let idLength = input.getInteger(at: Self.lengthBeforeSessionID, as: UInt8.self) else {
            return nil
        }
        return input.getInteger(at: Self.lengthBeforeSessionID + 1 + Int(idLength), as: UInt16.self)
    }
}
