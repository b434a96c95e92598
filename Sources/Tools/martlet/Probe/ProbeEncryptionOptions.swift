import ArgumentParser
import SMTPClient

/// Whether a probe encrypts, and what it shows and wants to see.
struct ProbeEncryptionOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "When to encrypt: starttls where it is offered, implicit from the first octet on, off never.",
            valueName: "when"))
    var tls = ProbeEncryption.starttls
    @Option(
        help: ArgumentHelp(
            "The name that the server is asked for (SNI), and its certificate has to be for. Default: the host's.",
            valueName: "name"))
    var sni: String?
    @Option(
        help: ArgumentHelp(
            "A file (PEM) with the roots that certificates must lead to. Default: those of this machine.",
            valueName: "file"))
    var tlsRoots: String?
    @Option(help: ArgumentHelp("Write the certificates that the server shows to a file (PEM).", valueName: "file"))
    var saveCertificates: String?
    @Option(
        help: ArgumentHelp(
            "The oldest version of TLS that is spoken: 1.0, 1.1, 1.2 or 1.3. Default: 1.2.", valueName: "version"),
        transform: Self.version)
    var tlsMin: TLSOffer.Version?
    @Option(
        help: ArgumentHelp(
            "A file (PEM) with the certificate that the server is shown if it asks for one, and those behind it.",
            valueName: "file"))
    var tlsCert: String?
    @Option(help: ArgumentHelp("The file (PEM) with the key of that certificate.", valueName: "file"))
    var tlsKey: String?

    func validate() throws {
        if (tlsCert == nil) != (tlsKey == nil) { throw ValidationError("--tls-cert and --tls-key belong together") }
    }

    /// Who is asked to encrypt, and how that is looked at.
    ///
    /// - Throws: the exit code, after saying what is wrong.
    func options(host: String) throws -> ProbeTLSOptions {
        do {
            return ProbeTLSOptions(
                when: tls, host: sni ?? host, roots: try tlsRoots.map { try InputFile.text(of: $0) },
                certificateFile: saveCertificates, offer: try offer())
        } catch let error as InputError {
            throw error.status.failing(error.description.escapingControls)
        }
    }

    private static func version(_ text: String) throws -> TLSOffer.Version {
        guard let version = TLSOffer.Version(rawValue: text) else {
            throw ValidationError("there is no TLS '\(text)'; the versions are 1.0, 1.1, 1.2 and 1.3")
        }
        return version
    }

    private func offer() throws -> TLSOffer {
        guard let tlsCert, let tlsKey else { return TLSOffer(minimum: tlsMin ?? .tls12) }
        let (certificates, key) = (try InputFile.text(of: tlsCert), try InputFile.text(of: tlsKey))
        do throws(TLSOfferError) {
            return try TLSOffer(minimum: tlsMin ?? .tls12, certificates: certificates, key: key)
        } catch {
            switch error {
            case .noCertificate: throw InputError(.data, "--tls-cert: there is no certificate in \(tlsCert)")
            case .noKey: throw InputError(.data, "--tls-key: there is no key in \(tlsKey)")
            }
        }
    }
}
