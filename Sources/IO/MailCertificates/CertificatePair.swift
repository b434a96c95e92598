import FoundationEssentials
import Glibc

/// The two files of a self-made certificate.
package struct CertificatePair: Sendable {
    /// The paths of the files.
    package let certificate: String
    package let key: String
    package let fingerprint: String

    /// How far the clocks of those who check it may be behind.
    private static let headStart: TimeInterval = 3_600

    /// Makes a certificate that is good from now on and writes it and its key, which nobody else may read.
    ///
    /// - Parameters:
    ///   - names: as `SelfMadeCertificate` takes them.
    ///   - base: the path of both files without `.pem` and `.key`.
    /// - Throws: `CertificateNameError`, or `CertificateFileError` if there is such a file or it cannot be written.
    package init(for names: [String], base: String) throws {
        (certificate, key) = ("\(base).pem", "\(base).key")
        for path in [certificate, key] where access(path, F_OK) == 0 {
            throw CertificateFileError(description: "\(path) is there already: remove it, or choose another --out")
        }
        let made = try SelfMadeCertificate(for: names, begin: Date().addingTimeInterval(-Self.headStart))
        fingerprint = made.fingerprint
        try Self.write(made.key, to: key, mode: 0o600)
        try Self.write(made.certificate, to: certificate, mode: 0o644)
    }

    private static func write(_ text: String, to path: String, mode: mode_t) throws(CertificateFileError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw CertificateFileError(path, errno) }
        defer { close(descriptor) }
        let octets = Array(text.utf8)
        guard Glibc.write(descriptor, octets, octets.count) == octets.count else {
            throw CertificateFileError(path, errno)
        }
    }
}

/// A file of a certificate that cannot be made.
package struct CertificateFileError: Error, CustomStringConvertible {
    package let description: String

    init(description: String) {
        self.description = description
    }

    init(_ path: String, _ code: Int32) {
        description = "\(path) cannot be written: \(String(cString: strerror(code)))"
    }
}
