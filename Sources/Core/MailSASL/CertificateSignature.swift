/// The hash function with which a certificate is signed, as `tls-server-end-point` wants it.
enum CertificateSignature: Hashable {
    /// Also for MD5 and SHA-1, which the binding does not use (RFC 5929 §4.1).
    case sha256
    case sha384, sha512

    /// The contents of the object identifiers of signature algorithms.
    private static let algorithms: [[UInt8]: CertificateSignature] = [
        rsa + [4]: .sha256, rsa + [5]: .sha256, rsa + [11]: .sha256, rsa + [12]: .sha384, rsa + [13]: .sha512,
        ecdsa + [1]: .sha256, ecdsa + [3, 2]: .sha256, ecdsa + [3, 3]: .sha384, ecdsa + [3, 4]: .sha512,
    ]
    /// 1.2.840.113549.1.1.
    private static let rsa: [UInt8] = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01]
    /// 1.2.840.10045.4.
    private static let ecdsa: [UInt8] = [0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04]

    /// Reads `signatureAlgorithm`, the second of the three parts of a certificate (RFC 5280 §4.1).
    static func algorithm(of certificate: [UInt8]) -> CertificateSignature? {
        guard let parts = content(of: certificate[...], tag: 0x30), let signed = element(parts),
            let algorithm = content(of: parts[signed.end...], tag: 0x30), let name = content(of: algorithm, tag: 0x06)
        else { return nil }
        return algorithms[Array(name)]
    }

    private static func content(of octets: ArraySlice<UInt8>, tag: UInt8) -> ArraySlice<UInt8>? {
        guard octets.first == tag, let element = element(octets) else { return nil }
        return octets[element.start..<element.end]
    }

    /// Where the content of the first element of DER begins and ends.
    private static func element(_ octets: ArraySlice<UInt8>) -> (start: Int, end: Int)? {
        guard octets.count >= 2 else { return nil }
        let length = octets[octets.startIndex + 1]
        var start = octets.startIndex + 2
        var count = Int(length)
        if length >= 0x80 {
            let digits = Int(length & 0x7F)
            guard (1...4).contains(digits), octets.endIndex - start >= digits else { return nil }
            count = octets[start..<(start + digits)].reduce(0) { $0 << 8 | Int($1) }
            start += digits
        }
        guard octets.endIndex - start >= count else { return nil }
        return (start, start + count)
    }
}
