import Crypto
import FoundationEssentials
package import MailCore
import SwiftASN1
import X509

/// The certificates that a server has shown, and whether they make it trusted.
package struct PresentedChain: Sendable {
    /// One certificate.
    package struct Link: Sendable {
        /// Distinguished names: `CN=mail.example.org,O=Example`.
        package let subject: String
        package let issuer: String
        package let begin: Timestamp
        package let end: Timestamp
        /// The DNS names and addresses that it is for.
        package let names: [String]
        /// The SHA-256 of the DER form in lower-case hexadecimal.
        package let fingerprint: String
        /// What is wrong with this certificate by itself; nil if nothing is.
        package let problem: String?
    }

    /// Whether the server is trusted.
    package enum Verdict: Equatable, Sendable {
        /// - Parameter root: the subject of the root that the chain leads to.
        case trusted(root: String)
        case untrusted(reason: String)
    }

    /// As the server sent them, its own first.
    package let links: [Link]
    package let verdict: Verdict

    /// Most certificates that are looked at; more of them are no chain.
    private static let most = 20

    /// - Parameters:
    ///   - certificates: in DER form, the server's own first.
    ///   - host: whom the certificate has to be for, a name or an address.
    ///   - roots: certificates in PEM form that are trusted; nil for those that this machine trusts.
    ///   - now: the time, for what is said of each certificate.
    /// - Throws: `PresentedChainError` where `roots` is no PEM.
    package init(_ certificates: [[UInt8]], host: String, roots: String?, now: Timestamp) async throws {
        let store = try roots.map(Self.store) ?? .systemTrustRoots
        let chain = certificates.prefix(Self.most).compactMap { try? Certificate(derEncoded: $0) }
        guard let leaf = chain.first, chain.count == certificates.count else {
            links = []
            verdict = .untrusted(reason: "a certificate cannot be read")
            return
        }
        let links = zip(chain, certificates).enumerated().map { index, pair in
            Link(pair.0, der: pair.1, next: index + 1 < chain.count ? chain[index + 1] : nil, now: now)
        }
        self.links = links
        let isKnown = roots != nil
        let root = await Self.root(of: leaf, chain.dropFirst(), store, trustsItself: isKnown)
        let isNamed = await Self.root(of: leaf, chain.dropFirst(), store, for: host, trustsItself: isKnown) != nil
        if let root, isNamed {
            verdict = .trusted(root: root)
        } else if let problem = links.lazy.compactMap(\.problem).first, root == nil {
            verdict = .untrusted(reason: problem)
        } else if root != nil {
            let names = links[0].names.isEmpty ? "no name" : links[0].names.prefix(5).joined(separator: ", ")
            verdict = .untrusted(reason: "it is for \(names), not for \(host)")
        } else if leaf.issuer == leaf.subject {
            verdict = .untrusted(reason: "it is signed by itself, and is none of the roots that are trusted here")
        } else {
            verdict = .untrusted(reason: "it leads to no root that is trusted here")
        }
    }

    /// The subject of the root that a certificate leads to; nil where there is none.
    ///
    /// - Parameters:
    ///   - host: whom the certificate has to be for; nil for anybody.
    ///   - trustsItself: whether one of the roots may be the server's own, which is no authority.
    private static func root(
        of leaf: Certificate, _ others: ArraySlice<Certificate>, _ roots: CertificateStore,
        for host: String? = nil, trustsItself: Bool
    ) async -> String? {
        var byAuthority = Verifier(rootCertificates: roots) {
            RFC5280Policy()
            if let host { ServerIdentityPolicy(host: host) }
        }
        var result = await byAuthority.validate(leaf: leaf, intermediates: CertificateStore(others))
        if case .couldNotValidate = result, trustsItself {
            var byItself = Verifier(rootCertificates: roots) {
                OwnCertificatePolicy(now: Date())
                if let host { ServerIdentityPolicy(host: host) }
            }
            result = await byItself.validate(leaf: leaf, intermediates: CertificateStore())
        }
        guard case .validCertificate(let chain) = result else { return nil }
        return chain.last.map { "\($0.subject)" }
    }

    private static func store(_ text: String) throws(PresentedChainError) -> CertificateStore {
        guard let documents = try? PEMDocument.parseMultiple(pemString: text), !documents.isEmpty,
            let certificates = try? documents.map({ try Certificate(pemDocument: $0) })
        else { throw PresentedChainError() }
        return CertificateStore(certificates)
    }

    /// The certificates in PEM form, as other programs read them.
    package static func pem(_ certificates: [[UInt8]]) -> String {
        certificates.map { PEMDocument(type: "CERTIFICATE", derBytes: $0).pemString + "\n" }.joined()
    }
}

extension PresentedChain.Link {
    /// - Parameter next: the certificate behind it, which should have signed this one.
    fileprivate init(_ certificate: Certificate, der: [UInt8], next: Certificate?, now: Timestamp) {
        subject = "\(certificate.subject)"
        issuer = "\(certificate.issuer)"
        begin = Timestamp(certificate.notValidBefore)
        end = Timestamp(certificate.notValidAfter)
        names = certificate.serverNames
        fingerprint = SHA256.hash(data: der).map { octet in
            let digits = String(octet, radix: 16)
            return octet < 16 ? "0" + digits : digits
        }
        .joined()
        if now < begin {
            problem = "it begins only on \(begin.day)"
        } else if end < now {
            problem = "it expired on \(end.day)"
        } else if let next, next.subject != certificate.issuer {
            problem = "the certificate behind it is not that of its issuer"
        } else if let next, !next.publicKey.isValidSignature(certificate.signature, for: certificate) {
            problem = "the certificate behind it did not sign it"
        } else {
            problem = nil
        }
    }
}

extension ServerIdentityPolicy {
    /// - Parameter host: a name or an address.
    fileprivate init(host: String) {
        let isAddress = IPAddress(host) != nil
        self.init(serverHostname: isAddress ? nil : host, serverIP: isAddress ? host : nil)
    }
}

extension Certificate {
    fileprivate var serverNames: [String] {
        guard let names = try? extensions.subjectAlternativeNames else { return [] }
        return names.compactMap { name in
            switch name {
            case .dnsName(let name): name
            case .ipAddress(let octets): IPAddress(octets: octets.bytes)?.description
            default: nil
            }
        }
    }
}

extension IPAddress {
    /// As certificates name addresses (RFC 5280 §4.2.1.6).
    fileprivate init?(octets: ArraySlice<UInt8>) {
        switch octets.count {
        case 4: self.init(octets.map(String.init).joined(separator: "."))
        case 16:
            let octets = Array(octets)
            let groups = stride(from: 0, to: 16, by: 2).map {
                String(UInt16(octets[$0]) << 8 | UInt16(octets[$0 + 1]), radix: 16)
            }
            self.init(groups.joined(separator: ":"))
        default: return nil
        }
    }
}

extension Timestamp {
    fileprivate init(_ date: Date) {
        self.init(microseconds: Int64(date.timeIntervalSince1970) * 1_000_000)
    }
}

/// There is no certificate in a text that should have roots.
package struct PresentedChainError: Error, Hashable, Sendable, CustomStringConvertible {
    package var description: String { "it holds no certificate (PEM)" }
}
