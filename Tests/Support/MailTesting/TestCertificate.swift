import Foundation

/// A certificate that openssl made for a test, with its key. It is its own root.
public struct TestCertificate: Sendable {
    /// The paths of the files, in PEM form.
    public let certificate: String
    public let key: String

    /// - Parameters:
    ///   - names: DNS names or, beginning with `IP:` or `email:`, an address.
    ///   - name: the beginning of the names of the files.
    public init(
        for names: [String], in directory: TemporaryDirectory, name: String = "server",
        isolation: isolated (any Actor)? = #isolation
    ) async throws {
        certificate = directory.path("\(name).pem")
        key = directory.path("\(name).key")
        let alternatives = names.map { $0.contains(":") ? $0 : "DNS:\($0)" }.joined(separator: ",")
        let result = try await run(
            Tool.require("openssl"),
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                "-subj", "/CN=\(names[0])", "-addext", "subjectAltName=\(alternatives)", "-keyout", key, "-out",
                certificate,
            ])
        guard result.status == 0 else { throw MissingTool(name: "openssl req: \(result.errors)") }
    }

    /// The SHA-256 of the certificate in lower-case hexadecimal, as openssl has it.
    public func fingerprint(isolation: isolated (any Actor)? = #isolation) async throws -> String {
        let result = try await run(
            Tool.require("openssl"), ["x509", "-in", certificate, "-noout", "-fingerprint", "-sha256"])
        return result.output.split(separator: "=").last.map { $0.filter(\.isHexDigit).lowercased() } ?? ""
    }
}
