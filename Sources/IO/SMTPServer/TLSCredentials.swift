import Glibc
import NIOSSL

/// A certificate with its chain, and the private key to it.
public struct TLSCredentials: Sendable {
    let chain: [NIOSSLCertificate]
    let key: NIOSSLPrivateKey

    /// When the certificate ends, in seconds since 1970.
    public let expires: Int

    /// Reads both from PEM text.
    ///
    /// - Parameters:
    ///   - certificate: the server's own certificate first, then those that lead to a root.
    ///   - key: a key without a passphrase.
    /// - Throws: `TLSCredentialsError` saying which is wrong.
    public init(certificate: String, key: String) throws(TLSCredentialsError) {
        let chain = (try? NIOSSLCertificate.fromPEMBytes(Array(certificate.utf8))) ?? []
        guard let first = chain.first else { throw .noCertificate }
        guard let privateKey = try? NIOSSLPrivateKey(bytes: Array(key.utf8), format: .pem) else { throw .noKey }
        self.chain = chain
        self.key = privateKey
        expires = Int(first.notValidAfter)
        do {
            _ = try NIOSSLContext(configuration: configuration)
        } catch {
            throw .mismatch
        }
    }

    /// The DNS names that the certificate is for.
    public var names: [String] {
        guard let names = chain.first?._subjectAlternativeNames() else { return [] }
        return names.compactMap { name in
            name.nameType == .dnsName ? String(validating: name.contents, as: UTF8.self)?.lowercased() : nil
        }
    }

    /// Whether the certificate is for `name`, which is in lower case, be it by a wildcard (RFC 6125 §6.4.3).
    public func covers(_ name: String) -> Bool {
        let parent = name.split(separator: ".", maxSplits: 1).dropFirst().first
        return names.contains { $0 == name || ($0.hasPrefix("*.") && parent.map { "*.\($0)" } == $0) }
    }

    /// Of TLS 1.2, those with forward secrecy (RFC 9325 §4.1). The two in CBC mode are for servers that know no other
    /// with an RSA certificate, and would else send in clear.
    private static let ciphers: [NIOTLSCipher] = [
        .TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, .TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
        .TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, .TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
        .TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, .TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
        .TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA, .TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA,
    ]

    var configuration: TLSConfiguration {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        configuration.minimumTLSVersion = .tlsv12
        configuration.cipherSuiteValues = Self.ciphers
        return configuration
    }
}

/// Why a certificate and a key cannot be used.
public enum TLSCredentialsError: Error, Hashable, Sendable {
    /// No certificate in PEM form was found.
    case noCertificate
    /// No private key in PEM form was found, or it has a passphrase.
    case noKey
    /// The key is not that of the certificate.
    case mismatch
}
