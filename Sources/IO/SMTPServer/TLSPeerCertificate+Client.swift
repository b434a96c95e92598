import NIOSSL
import SMTPCore

extension TLSPeerCertificate {
    private static let mostNames = 10

    /// The certificate of a client that the handshake has verified.
    init?(verified certificate: NIOSSLCertificate) {
        guard let der = try? certificate.toDERBytes() else { return nil }
        let names = certificate._subjectAlternativeNames()
        let texts = { (type: _SubjectAlternativeName.NameType) in
            names.lazy.filter { $0.nameType == type }.prefix(Self.mostNames).compactMap {
                String(validating: $0.contents, as: UTF8.self)
            }
        }
        self.init(
            names: Array(texts(.dnsName)), mailboxes: Array(texts(.email)),
            fingerprint: Self.fingerprint(of: der), isVerified: true)
    }
}
