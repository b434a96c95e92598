import Crypto
import MailCore
import SwiftASN1
import X509

package import struct FoundationEssentials.Date

/// A certificate of a server's own, for development and for private networks: nobody trusts it who was not told to.
package struct SelfMadeCertificate: Sendable {
    /// The certificate, in PEM form.
    package let certificate: String
    /// The private key, in PEM form.
    package let key: String
    /// The SHA-256 of the certificate's DER form in lower-case hexadecimal.
    package let fingerprint: String

    /// How long a certificate is good for; the most that all clients bear.
    package static let lifetime = Duration.seconds(397 * 86_400)

    /// Makes a key (P-256) and a certificate for it.
    ///
    /// - Parameters:
    ///   - names: domains and IP addresses, one at least; `*.` in front of a domain stands for any label.
    ///   - begin: when it begins.
    /// - Throws: `CertificateNameError` naming what is neither a domain nor an address.
    package init(for names: [String], begin: Date) throws {
        let signer = P256.Signing.PrivateKey()
        let key = Certificate.PrivateKey(signer)
        let alternatives = try names.map(Self.generalName)
        let subject = try DistinguishedName { CommonName(names.first ?? "") }
        let extensions = try Certificate.Extensions {
            Critical(BasicConstraints.notCertificateAuthority)
            Critical(KeyUsage(digitalSignature: true))
            try ExtendedKeyUsage([.serverAuth])
            SubjectAlternativeNames(alternatives)
        }
        let made = try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: key.publicKey, notValidBefore: begin,
            notValidAfter: begin.addingTimeInterval(Double(Self.lifetime.components.seconds)), issuer: subject,
            subject: subject,
            signatureAlgorithm: .ecdsaWithSHA256, extensions: extensions, issuerPrivateKey: key)
        let document = try made.serializeAsPEM()
        certificate = document.pemString + "\n"
        self.key = signer.pemRepresentation + "\n"
        fingerprint = SHA256.hash(data: document.derBytes).map { octet in
            let digits = String(octet, radix: 16)
            return octet < 16 ? "0" + digits : digits
        }
        .joined()
    }

    private static func generalName(_ name: String) throws -> GeneralName {
        if let address = IPAddress(name) {
            return .ipAddress(ASN1OctetString(contentBytes: address.octets[...]))
        }
        guard (try? Domain(name.hasPrefix("*.") ? String(name.dropFirst(2)) : name)) != nil, name.utf8.count <= 64,
            name.utf8.allSatisfy({ $0 < 0x80 })
        else { throw CertificateNameError(name: name) }
        return .dnsName(name.lowercased())
    }
}

extension IPAddress {
    /// The octets as they go over the network (RFC 5280 §4.2.1.6).
    fileprivate var octets: [UInt8] {
        switch self {
        case .v4(let address): withUnsafeBytes(of: address.bits.bigEndian, Array.init)
        case .v6(let address): withUnsafeBytes(of: address.bits.bigEndian, Array.init)
        }
    }
}

/// What cannot stand in a certificate.
package struct CertificateNameError: Error, Hashable, CustomStringConvertible {
    package let name: String

    package var description: String {
        "'\(name)' is neither a domain of at most 64 ASCII characters nor an IP address"
    }
}
