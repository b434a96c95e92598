public import MailCore

/// What XCLIENT says of the client behind the one that speaks, attribute by attribute. What was not said, or cannot be
/// known, is nil.
public struct ClientAttributes: Hashable, Sendable {
    /// NAME: the client's host name.
    public var name: String?
    public var address: IPAddress?
    public var port: UInt16?
    /// PROTO: `SMTP` or `ESMTP`.
    public var transmission: String?
    /// What the client said with HELO or EHLO.
    public var hello: String?
    /// LOGIN: who the client proved to be.
    public var login: String?
    /// DESTADDR and DESTPORT: where the client had connected to.
    public var destination: IPAddress?
    public var destinationPort: UInt16?

    public init() {}

    /// The attributes that EHLO announces.
    static let names = ["NAME", "ADDR", "PORT", "PROTO", "HELO", "LOGIN", "DESTADDR", "DESTPORT"]
}
