public import MailSASL

import struct Crypto.SHA256

/// What a TLS handshake came to.
public struct TLSSession: Hashable, Sendable, CustomStringConvertible {
    /// `TLSv1.2` or `TLSv1.3`.
    public let version: String
    /// The cipher suite by its IANA name; nil where it was not seen.
    public let cipher: String?
    /// The server's name as the client asked for it (SNI, RFC 6066 §3); nil where it named none.
    public let serverName: String?
    /// What the other side showed of itself; a client seldom shows anything.
    public let peer: TLSPeerCertificate?

    /// What binds the exchange of a password to this session (RFC 5929 §4); nil where that is not known.
    public var channelBinding: SASLChannelBinding?

    public init(version: String, cipher: String?, serverName: String? = nil, peer: TLSPeerCertificate? = nil) {
        self.version = version
        self.cipher = cipher
        self.serverName = serverName
        self.peer = peer
    }

    /// `TLSv1.3 TLS_AES_128_GCM_SHA256`.
    public var description: String { [version, cipher].compactMap(\.self).joined(separator: " ") }
}

/// The certificate that a TLS peer has shown.
public struct TLSPeerCertificate: Hashable, Sendable {
    /// The DNS names it is for, the first few of them.
    public let names: [String]
    /// The mail addresses it is for (rfc822Name), the first few of them.
    public let mailboxes: [String]
    /// The SHA-256 of its DER form in lower-case hexadecimal.
    public let fingerprint: String
    /// Whether it was checked and found to be trusted, and that of a server to be right for it.
    public let isVerified: Bool

    public init(names: [String], mailboxes: [String] = [], fingerprint: String, isVerified: Bool) {
        self.names = names
        self.mailboxes = mailboxes
        self.fingerprint = fingerprint
        self.isVerified = isVerified
    }

    /// The SHA-256 of a certificate in DER form, in lower-case hexadecimal.
    package static func fingerprint(of der: [UInt8]) -> String {
        SHA256.hash(data: der).map { octet in
            let digits = String(octet, radix: 16)
            return octet < 16 ? "0" + digits : digits
        }
        .joined()
    }
}
