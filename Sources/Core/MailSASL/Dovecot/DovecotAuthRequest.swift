/// What Dovecot is asked: who wants to log in, from where, and by which mechanism.
public struct DovecotAuthRequest: Hashable, Sendable {
    /// In capitals.
    public let mechanism: String
    /// What the client sent with its command; nil where it sent nothing.
    public let initialResponse: [UInt8]?
    /// Whether nobody can listen in.
    public let isSecured: Bool
    /// The client's address as text; nil for a UNIX socket.
    public let remoteAddress: String?

    public init(mechanism: String, initialResponse: [UInt8]?, isSecured: Bool, remoteAddress: String?) {
        self.mechanism = mechanism
        self.initialResponse = initialResponse
        self.isSecured = isSecured
        self.remoteAddress = remoteAddress
    }

    /// With `resp=` at its end, as the protocol has it.
    var line: String {
        var fields = ["AUTH", "1", mechanism, "service=smtp"]
        if isSecured { fields.append("secured") }
        if let remoteAddress { fields.append("rip=\(remoteAddress)") }
        if let initialResponse { fields.append("resp=\(SASLBase64.encode(initialResponse))") }
        return fields.joined(separator: "\t") + "\n"
    }
}
