import Crypto
import Foundation
import SwiftASN1
import X509

/// A certificate that a test issues.
struct Issued {
    let der: [UInt8]
    private let name: DistinguishedName
    private let key: P256.Signing.PrivateKey

    /// - Parameters:
    ///   - issuer: who signs it; nil for itself.
    ///   - days: when it is valid, in days from now.
    init(
        _ name: String, names: [String] = [], isAuthority: Bool = false, by issuer: Issued? = nil,
        days: ClosedRange<Int> = -1...100
    ) throws {
        let subject = try DistinguishedName { CommonName(name) }
        let key = P256.Signing.PrivateKey()
        let extensions = try Certificate.Extensions {
            if isAuthority {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: nil))
                Critical(KeyUsage(keyCertSign: true))
            } else {
                try ExtendedKeyUsage([.serverAuth])
            }
            if !names.isEmpty { SubjectAlternativeNames(names.map { .dnsName($0) }) }
        }
        let certificate = try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(),
            publicKey: Certificate.PrivateKey(key).publicKey,
            notValidBefore: Self.date(days.lowerBound), notValidAfter: Self.date(days.upperBound),
            issuer: issuer?.name ?? subject, subject: subject, signatureAlgorithm: .ecdsaWithSHA256,
            extensions: extensions, issuerPrivateKey: Certificate.PrivateKey(issuer?.key ?? key))
        var serializer = DER.Serializer()
        try certificate.serialize(into: &serializer)
        (der, self.name, self.key) = (serializer.serializedBytes, subject, key)
    }

    private static func date(_ days: Int) -> Date { Date(timeIntervalSinceNow: Double(days) * 86_400) }
}
