import Glibc
import MailSASL
import NIOCore
import NIOPosix
import NIOSSL
import SMTPCore

/// Makes handshakes for one policy. Sessions to a server are not resumed.
struct TLSClientContext {
    let policy: TLSPolicy
    private let trust: TLSTrust
    /// What the server is asked to be; an address says nothing.
    let serverName: String?
    private let host: String

    /// - Parameter host: the server's name or address.
    init(_ policy: TLSPolicy, host: String?, trust: TLSTrust) {
        self.policy = policy
        self.trust = trust
        self.host = host ?? ""
        serverName = host.flatMap { host in
            let name = host.hasSuffix(".") ? String(host.dropLast()) : host
            let isAddress = (try? SocketAddress(ipAddress: name, port: 0)) != nil
            return isAddress || name.isEmpty || name.utf8.count > 253 ? nil : name
        }
    }

    /// Puts TLS in front of everything that is in the pipeline.
    func addHandlers(to pipeline: ChannelPipeline.SynchronousOperations) throws -> TLSClientHandlers {
        let hello = ServerHelloHandler()
        let tls = try makeHandler(trust.context(for: policy))
        try pipeline.addHandlers([hello, tls], position: .first)
        return TLSClientHandlers(hello: hello, tls: tls, context: self)
    }

    /// The same for a handshake that takes any certificate, and tells the listener of all that the server showed.
    func addHandlers(
        to pipeline: ChannelPipeline.SynchronousOperations, before listener: HandshakeListener,
        offering offer: TLSOffer
    ) throws {
        let hello = ServerHelloHandler()
        // The certificates are seen only where they are checked, which is then done by this.
        let tls = try NIOSSLClientHandler(context: offer.context(), serverHostname: serverName) { chain, verdict in
            listener.certificates = chain
            verdict.succeed(.certificateVerified)
        }
        listener.handlers = TLSClientHandlers(hello: hello, tls: tls, context: self)
        try pipeline.addHandlers([hello, tls, listener], position: .first)
    }

    private func makeHandler(_ context: NIOSSLContext) throws -> NIOSSLClientHandler {
        let isRight: @Sendable (NIOSSLCertificate) -> Bool
        switch (policy, trust.ownCertificates) {
        case (.fingerprint(let expected), _): isRight = { $0.fingerprint == expected }
        case (.verify, let own?):
            let host = host
            isRight = { own.contains($0) && $0.isValid(at: time(nil)) && $0.names(host) }
        default: return try NIOSSLClientHandler(context: context, serverHostname: serverName)
        }
        return try NIOSSLClientHandler(context: context, serverHostname: serverName) { chain, verdict in
            verdict.succeed(chain.first.map(isRight) ?? false ? .certificateVerified : .failed)
        }
    }
}

/// The two handlers of one TLS session, and what they know of it.
struct TLSClientHandlers {
    let hello: ServerHelloHandler
    let tls: NIOSSLClientHandler
    let context: TLSClientContext

    /// What the handshake came to.
    var session: TLSSession {
        var session = TLSSession(
            version: tls.tlsVersion == .tlsv12 ? "TLSv1.2" : "TLSv1.3", cipher: hello.cipher,
            serverName: context.serverName, peer: tls.peerCertificate.map(peer))
        session.channelBinding = (try? tls.peerCertificate?.toDERBytes()).flatMap {
            SASLChannelBinding(certificate: $0)
        }
        return session
    }

    private func peer(_ certificate: NIOSSLCertificate) -> TLSPeerCertificate {
        let isVerified =
            switch context.policy {
            case .verify, .fingerprint: true
            case .off, .may, .must: false
            }
        return TLSPeerCertificate(
            names: certificate.dnsNames(atMost: Self.mostNames), fingerprint: certificate.fingerprint ?? "",
            isVerified: isVerified)
    }

    private static let mostNames = 10
}

extension NIOSSLCertificate {
    /// The SHA-256 of the DER form in lower-case hexadecimal.
    fileprivate var fingerprint: String? {
        (try? toDERBytes()).map(TLSPeerCertificate.fingerprint)
    }

    fileprivate func dnsNames(atMost count: Int) -> [String] {
        let names = _subjectAlternativeNames().lazy.filter { $0.nameType == .dnsName }
        return names.prefix(count).compactMap { String(validating: $0.contents, as: UTF8.self) }
    }
}
