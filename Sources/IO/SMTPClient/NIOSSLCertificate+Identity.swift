import Glibc
import MailCore
import NIOSSL
import SMTPCore

extension NIOSSLCertificate {
    func isValid(at now: time_t) -> Bool { notValidBefore <= now && now <= notValidAfter }

    /// Whether the certificate is for a server, by its alternative names alone (RFC 9525 §6).
    ///
    /// - Parameter host: a name or an address.
    func names(_ host: String) -> Bool {
        let address = IPAddress(host)
        return _subjectAlternativeNames().contains { name in
            switch name.nameType {
            case .dnsName where address == nil:
                String(validating: name.contents, as: UTF8.self).map { Self.pattern($0, covers: host) } ?? false
            case .ipAddress: address.map { name.contents.elementsEqual($0.networkOctets) } ?? false
            default: false
            }
        }
    }

    /// Whether a name in a certificate, which may have `*` for its first label, is that of a host.
    private static func pattern(_ pattern: String, covers host: String) -> Bool {
        let (pattern, name) = (pattern.lowercased(), host.lowercased())
        let host = name.hasSuffix(".") ? name.dropLast() : name[...]
        guard pattern.hasPrefix("*.") else { return pattern == host }
        guard let dot = host.firstIndex(of: "."), dot > host.startIndex else { return false }
        return pattern.dropFirst() == host[dot...] && pattern.dropFirst(2).contains(".")
    }
}

extension IPAddress {
    /// As they go over the network, and stand in certificates (RFC 5280 §4.2.1.6).
    fileprivate var networkOctets: [UInt8] {
        switch self {
        case .v4(let address): withUnsafeBytes(of: address.bits.bigEndian, Array.init)
        case .v6(let address): withUnsafeBytes(of: address.bits.bigEndian, Array.init)
        }
    }
}
