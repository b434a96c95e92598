import MailSASL
import NIOCore
import NIOSSL
import SMTPCore

/// The certificates of a server. Sessions that began with one context keep it; session tickets are good for as long as
/// the context lives.
public final class TLSServerContext: Sendable {
    private let context: NIOSSLContext
    private let verifiesClients: Bool
    /// What binds exchanges to sessions; nil where several certificates may be shown, as which one was is not told.
    let channelBinding: SASLChannelBinding?
    /// All of its certificates, that for everybody first.
    public let credentials: [TLSCredentials]

    /// - Parameters:
    ///   - credentials: what a client gets that asks for no name, or for one that is not in `byName`.
    ///   - byName: by the name that the client asks for (SNI), in lower case.
    ///   - clientRoots: in PEM form. With them clients are asked for a certificate; one that is shown must lead to them.
    /// - Throws: `TLSCredentialsError` if a key is not that of its certificate, or if there is no certificate in
    ///   `clientRoots`.
    public init(
        _ credentials: TLSCredentials, byName: [String: TLSCredentials] = [:], clientRoots: String? = nil
    ) throws(TLSCredentialsError) {
        let certificate = byName.isEmpty ? try? credentials.chain.first?.toDERBytes() : nil
        channelBinding = certificate.flatMap { SASLChannelBinding(certificate: $0) }
        self.credentials = [credentials] + byName.sorted { $0.key < $1.key }.map(\.value)
        var configuration = credentials.configuration
        if !byName.isEmpty {
            configuration.sslContextCallback = { values, promise in
                let name = values.serverHostname?.lowercased()
                promise.succeed(name.flatMap { byName[$0] }?.override ?? NIOSSLContextConfigurationOverride())
            }
        }
        if let clientRoots {
            let roots = (try? NIOSSLCertificate.fromPEMBytes(Array(clientRoots.utf8))) ?? []
            if roots.isEmpty { throw .noCertificate }
            configuration.certificateVerification = .optionalVerification
            configuration.trustRoots = .certificates(roots)
        }
        verifiesClients = clientRoots != nil
        do {
            context = try NIOSSLContext(configuration: configuration)
        } catch {
            throw .mismatch
        }
    }

    /// Whether a certificate differs from those of a context before it.
    public func isAnother(than other: TLSServerContext?) -> Bool {
        credentials.map(\.chain) != other?.credentials.map(\.chain)
    }

    /// Puts TLS in front of everything that is in the pipeline.
    func addHandlers(to pipeline: ChannelPipeline.SynchronousOperations) throws -> TLSServerHandlers {
        let handlers = TLSServerHandlers(
            hello: ServerHelloHandler(), tls: NIOSSLServerHandler(context: context), channelBinding: channelBinding,
            verifiesClients: verifiesClients)
        try pipeline.addHandlers([handlers.hello, handlers.tls], position: .first)
        return handlers
    }
}

/// The two handlers of one TLS session, and what they know of it.
struct TLSServerHandlers {
    let hello: ServerHelloHandler
    let tls: NIOSSLServerHandler
    let channelBinding: SASLChannelBinding?
    let verifiesClients: Bool
}

extension TLSCredentials {
    fileprivate var override: NIOSSLContextConfigurationOverride {
        var override = NIOSSLContextConfigurationOverride()
        override.certificateChain = chain.map { .certificate($0) }
        override.privateKey = .privateKey(key)
        return override
    }
}

extension TLSServerHandlers {
    /// What the handshake came to.
    var session: TLSSession {
        let client = verifiesClients ? tls.peerCertificate.flatMap(TLSPeerCertificate.init(verified:)) : nil
        var session = TLSSession(
            version: tls.tlsVersion == .tlsv12 ? "TLSv1.2" : "TLSv1.3", cipher: hello.cipher, peer: client)
        session.channelBinding = channelBinding
        return session
    }
}
