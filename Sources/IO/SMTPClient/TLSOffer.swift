import NIOSSL

/// What a client brings to a handshake that is made by hand (`SMTPDialogue`).
public struct TLSOffer: Sendable {
    /// A version of TLS, by its number.
    public enum Version: String, CaseIterable, Sendable {
        case tls10 = "1.0"
        case tls11 = "1.1"
        case tls12 = "1.2"
        case tls13 = "1.3"
    }

    private let minimum: Version
    private let chain: [NIOSSLCertificate]
    private let key: NIOSSLPrivateKey?

    /// - Parameter minimum: the oldest version that is spoken.
    public init(minimum: Version = .tls12) {
        (self.minimum, chain, key) = (minimum, [], nil)
    }

    /// - Parameters:
    ///   - certificates: what is shown to a server that asks for it, its own first, in PEM form.
    ///   - key: the key of the first one, in PEM form.
    /// - Throws: `TLSOfferError` if one of them cannot be read.
    public init(minimum: Version = .tls12, certificates: String, key: String) throws(TLSOfferError) {
        self.minimum = minimum
        guard let chain = try? NIOSSLCertificate.fromPEMBytes(Array(certificates.utf8)), !chain.isEmpty else {
            throw .noCertificate
        }
        self.chain = chain
        guard let key = try? NIOSSLPrivateKey(bytes: Array(key.utf8), format: .pem) else { throw .noKey }
        self.key = key
    }

    /// Certificates of servers are to be looked at by a callback, and by nothing else.
    func context() throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.certificateVerification = .noHostnameVerification
        configuration.trustRoots = .certificates([])
        configuration.minimumTLSVersion =
            switch minimum {
            case .tls10: .tlsv1
            case .tls11: .tlsv11
            case .tls12: .tlsv12
            case .tls13: .tlsv13
            }
        configuration.certificateChain = chain.map { .certificate($0) }
        configuration.privateKey = key.map { .privateKey($0) }
        return try NIOSSLContext(configuration: configuration)
    }
}

/// Why a client cannot show a certificate.
public enum TLSOfferError: Error, Hashable, Sendable {
    /// There is no certificate in the text.
    case noCertificate
    /// There is no key in the text.
    case noKey
}
