import NIOSSL
import Synchronization

/// The roots that certificates of servers must lead to where they are checked.
public final class TLSTrust: Sendable {
    /// Those that this machine trusts. They are read when they are needed first.
    public static let system = TLSTrust(roots: .default)

    private let roots: NIOSSLTrustRoots
    /// Servers' own certificates, one of which has to be shown; nil where what leads to a root is trusted.
    let ownCertificates: Set<NIOSSLCertificate>?
    /// Made when they are needed first: to read the roots of a system takes a while.
    private let contexts = Mutex<[CertificateVerification: NIOSSLContext]>([:])

    private init(roots: NIOSSLTrustRoots, ownCertificates: Set<NIOSSLCertificate>? = nil) {
        self.roots = roots
        self.ownCertificates = ownCertificates
    }

    /// Those of the roots that servers may show as their own. The library has only authorities for roots, so that who
    /// made a certificate for itself is looked at in a handshake of its own. nil for the roots of this machine.
    var ofOwnCertificates: TLSTrust? {
        guard case .certificates(let roots) = roots, ownCertificates == nil else { return nil }
        return TLSTrust(roots: .certificates([]), ownCertificates: Set(roots))
    }

    /// Those in a text in PEM form, and no others. A server's own certificate among them is trusted for that server.
    ///
    /// - Throws: `TLSTrustError` if there is no certificate in it.
    public convenience init(roots text: String) throws(TLSTrustError) {
        guard let roots = try? NIOSSLCertificate.fromPEMBytes(Array(text.utf8)), !roots.isEmpty else {
            throw TLSTrustError()
        }
        self.init(roots: .certificates(roots))
    }

    func context(for policy: TLSPolicy) throws -> NIOSSLContext {
        let verification = ownCertificates == nil ? policy.verification : policy.withoutRoots
        return try contexts.withLock { contexts in
            if let context = contexts[verification] { return context }
            let context = try makeContext(verification)
            contexts[verification] = context
            return context
        }
    }

    private func makeContext(_ verification: CertificateVerification) throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.certificateVerification = verification
        configuration.minimumTLSVersion = .tlsv12
        configuration.trustRoots = verification == .fullVerification ? roots : .certificates([])
        return try NIOSSLContext(configuration: configuration)
    }
}

extension TLSPolicy {
    /// A fingerprint is compared in place of the usual checks, but only where there are any.
    fileprivate var verification: CertificateVerification {
        switch self {
        case .verify: .fullVerification
        case .fingerprint: .noHostnameVerification
        case .off, .may, .must: .none
        }
    }
}

extension TLSPolicy {
    /// Where certificates are checked, it is done by a callback.
    fileprivate var withoutRoots: CertificateVerification {
        verification == .none ? .none : .noHostnameVerification
    }
}

/// There is no certificate in a text that should have roots.
public struct TLSTrustError: Error, Hashable, Sendable {}
