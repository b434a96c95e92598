/// What a Received field says (RFC 5321 §4.4), with what servers write into its comments.
public struct ReceivedReading: Hashable, Sendable {
    /// The host that the client called itself.
    public var from: String?
    /// The client's address, where a comment or the name tells it.
    public var fromAddress: String?
    /// The client's name in the DNS, where a comment tells it.
    public var fromReverseName: String?
    /// What the client said at HELO or EHLO, where a comment tells it.
    public var helo: String?
    /// What the client's ident server said, where a comment tells it.
    public var ident: String?
    public var by: String?
    public var via: String?
    /// The protocol (RFC 3848), in capitals.
    public var with: String?
    public var id: String?
    public var forRecipient: String?
    public var tlsVersion: String?
    public var tlsCipher: String?
    public var date: MailDate?

    /// - Parameter fieldValue: what follows the field's colon.
    public init(_ fieldValue: [UInt8]) {
        self.init()
        var reader = ReceivedReader(fieldValue)
        self = reader.reading()
    }

    init() {}
}
