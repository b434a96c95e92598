import MailCore
import SMTPClient
import SMTPServer
import WebClient

/// The certificates and keys that the configuration names.
struct CertificateFiles {
    private var reader: ConfigurationReader
    private var files: [ReadFile] = []

    /// Reads them all; what is wrong goes to `reader`.
    static func read(into configuration: inout ServerConfiguration, _ reader: inout ConfigurationReader) {
        var files = CertificateFiles(reader: reader)
        let credentials = files.credentials(configuration)
        configuration.tlsContext = credentials.flatMap { try? TLSServerContext($0.own, byName: $0.byName) }
        if let credentials {
            configuration.warnings += files.warning(configuration, credentials.own, credentials.byName)
        }
        configuration.userTLSContext = credentials.flatMap { files.userContext(configuration, $0.own, $0.byName) }
        let clientRoots = ["tls", "client_roots"]
        if credentials == nil, let roots = configuration.tls.clientRoots,
            let text = files.text(of: roots, at: clientRoots)
        {
            _ = files.trust(text, of: roots, at: clientRoots)
        }
        if let roots = configuration.tls.roots, let text = files.text(of: roots, at: ["tls", "roots"]) {
            configuration.tlsTrust = files.trust(text, of: roots, at: ["tls", "roots"]) ?? .system
            configuration.webTrust = WebTrust(roots: text) ?? .system
        }
        configuration.files += files.files
        reader = files.reader
    }

    private init(reader: ConfigurationReader) {
        self.reader = reader
    }

    private mutating func credentials(
        _ configuration: ServerConfiguration
    ) -> (own: TLSCredentials, byName: [String: TLSCredentials])? {
        var byName: [String: TLSCredentials] = [:]
        for section in configuration.certificates {
            let path = ["certificate", section.name.description]
            guard let file = section.certificate, let credentials = credentials(file, section.key, at: path) else {
                continue
            }
            let name = section.name.description.lowercased()
            if credentials.covers(name) {
                byName[name] = credentials
            } else {
                let names = credentials.names.isEmpty ? "no name" : credentials.names.joined(separator: ", ")
                refuse(file, "the certificate is for \(names), not for \(name)", at: path + ["certificate"])
            }
        }
        guard let file = configuration.tls.certificate else {
            refuseStray(configuration)
            return nil
        }
        guard let credentials = credentials(file, configuration.tls.key, at: ["tls"]) else { return nil }
        return (credentials, byName)
    }

    /// Where no certificate is for the name by which the server calls itself.
    private func warning(
        _ configuration: ServerConfiguration, _ own: TLSCredentials, _ byName: [String: TLSCredentials]
    ) -> [ConfigurationError] {
        let (host, path) = (configuration.hostname.description.lowercased(), ["tls", "certificate"])
        guard !own.covers(host), byName[host] == nil else { return [] }
        let names = own.names.isEmpty ? "no name" : own.names.joined(separator: ", ")
        let message = "the certificate is for \(names), not for the hostname \(host): who checks it, turns away"
        return [ConfigurationError(file: reader.file, line: reader.origins.nearestLine(to: path), message: message)]
    }

    private mutating func userContext(
        _ configuration: ServerConfiguration, _ credentials: TLSCredentials, _ byName: [String: TLSCredentials]
    ) -> TLSServerContext? {
        let path = ["tls", "client_roots"]
        guard let file = configuration.tls.clientRoots, let roots = text(of: file, at: path) else { return nil }
        if let context = try? TLSServerContext(credentials, byName: byName, clientRoots: roots) { return context }
        refuse(file, "holds no certificate (PEM)", at: path)
        return nil
    }

    private mutating func trust(_ text: String, of file: FilePath, at path: [String]) -> TLSTrust? {
        if let trust = try? TLSTrust(roots: text) { return trust }
        refuse(file, "holds no certificate (PEM)", at: path)
        return nil
    }

    /// Keys and names say nothing without the certificate that everybody else is shown.
    private mutating func refuseStray(_ configuration: ServerConfiguration) {
        if configuration.tls.key != nil { reader.refuse("[tls] lacks \"certificate\"", at: ["tls", "key"]) }
        guard let first = configuration.certificates.first, !reader.hasErrors(below: ["tls"]) else { return }
        reader.refuse(
            "needs \"certificate\" in [tls] too, for clients that ask for another name or none",
            at: ["certificate", first.name.description])
    }

    private mutating func credentials(_ file: FilePath, _ keyFile: FilePath?, at path: [String]) -> TLSCredentials? {
        let keyPath = path + [keyFile == nil ? "certificate" : "key"]
        guard let certificate = text(of: file, at: path + ["certificate"]) else { return nil }
        guard let key = keyFile == nil ? certificate : text(of: keyFile ?? file, at: keyPath) else { return nil }
        do throws(TLSCredentialsError) {
            return try TLSCredentials(certificate: certificate, key: key)
        } catch {
            switch error {
            case .noCertificate: refuse(file, "holds no certificate (PEM)", at: path + ["certificate"])
            case .noKey: refuse(keyFile ?? file, "holds no private key (PEM) without a passphrase", at: keyPath)
            case .mismatch: refuse(keyFile ?? file, "the key is not that of the certificate", at: keyPath)
            }
            return nil
        }
    }

    private mutating func text(of file: FilePath, at path: [String]) -> String? {
        // The stamp first: what changes in between is read again.
        files.append(ReadFile(path: file.description, stamp: FileStamp(path: file.description)))
        do throws(ConfigurationErrors) {
            return try ServerConfiguration.contents(of: file.description)
        } catch {
            for problem in error.errors { refuse(file, problem.message, at: path) }
            return nil
        }
    }

    private mutating func refuse(_ file: FilePath, _ message: String, at path: [String]) {
        reader.refuse("\(TOMLText.string(file.description)): \(message)", at: path)
    }
}
