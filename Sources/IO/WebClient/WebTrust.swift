import NIOSSL
import Synchronization

/// The roots that certificates of Web servers must lead to.
public final class WebTrust: Sendable {
    /// Those that this machine trusts.
    public static let system = WebTrust(.default)

    private let roots: NIOSSLTrustRoots
    /// Made when it is needed first: to read the roots of a system takes a while.
    private let made = Mutex<NIOSSLContext?>(nil)

    private init(_ roots: NIOSSLTrustRoots) {
        self.roots = roots
    }

    /// Those in a text in PEM form, and no others; nil if there is no certificate in it.
    public convenience init?(roots text: String) {
        guard let roots = try? NIOSSLCertificate.fromPEMBytes(Array(text.utf8)), !roots.isEmpty else { return nil }
        self.init(.certificates(roots))
    }

    func context() throws -> NIOSSLContext {
        try made.withLock { made in
            if let made { return made }
            var configuration = TLSConfiguration.makeClientConfiguration()
            configuration.minimumTLSVersion = .tlsv12
            configuration.trustRoots = roots
            let context = try NIOSSLContext(configuration: configuration)
            made = context
            return context
        }
    }
}
