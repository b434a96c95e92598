import struct Crypto.SHA256
import struct Crypto.SHA384
import struct Crypto.SHA512

/// What both ends of a TLS session know of it and nobody in between can imitate, by the type `tls-server-end-point`
/// (RFC 5929 §4): the hash of the server's certificate.
public struct SASLChannelBinding: Hashable, Sendable {
    /// The name of the type in SCRAM.
    public static let name = "tls-server-end-point"

    public let octets: [UInt8]

    public init(octets: [UInt8]) {
        self.octets = octets
    }

    /// The hash of a certificate by the function of its signature; nil where that names none, or is not known.
    ///
    /// - Parameter certificate: its DER form.
    public init?(certificate: [UInt8]) {
        guard let algorithm = CertificateSignature.algorithm(of: certificate) else { return nil }
        switch algorithm {
        case .sha256: octets = Array(SHA256.hash(data: certificate))
        case .sha384: octets = Array(SHA384.hash(data: certificate))
        case .sha512: octets = Array(SHA512.hash(data: certificate))
        }
    }
}
