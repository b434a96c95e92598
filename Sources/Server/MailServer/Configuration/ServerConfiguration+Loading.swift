import Glibc
import MailCore

extension ServerConfiguration {
    /// The largest file that is read.
    private static let maximumSize = 16 << 20

    /// Reads the file at `path`, or gives the loopback set-up where there is none.
    ///
    /// - Throws: `ConfigurationErrors` with everything that is wrong.
    package static func load(
        path: String?, environment: ConfigurationEnvironment = .current
    ) throws(ConfigurationErrors) -> ServerConfiguration {
        guard let path else { return loopback(environment) }
        return try parse(text: try contents(of: path), file: path, environment: environment)
    }

    /// Reads what the commands of the queue need, the key `data`, also where other keys are wrong.
    ///
    /// - Returns: what could be read, and what is wrong with the rest.
    /// - Throws: `ConfigurationErrors` if it cannot be told where the queue lies.
    package static func loadForQueue(
        path: String?, environment: ConfigurationEnvironment = .current
    ) throws(ConfigurationErrors) -> (ServerConfiguration, warnings: [ConfigurationError]) {
        do throws(ConfigurationErrors) {
            return (try load(path: path, environment: environment), [])
        } catch let all {
            guard let path else { throw all }
            let text = try contents(of: path)
            var reader = ConfigurationReader(file: path, text: text)
            var configuration = ServerConfiguration(environment)
            let entries = try TOMLNode.parse(text, file: path).filter { $0.key == "data" }
            reader.read(entries, at: [], into: &configuration)
            guard reader.errors.isEmpty else { throw all }
            configuration.resolvePaths(of: path)
            configuration.complete()
            configuration.isWhole = false
            return (configuration, all.errors)
        }
    }

    /// The text of a file, whatever configuration it belongs to.
    static func contents(of path: String) throws(ConfigurationErrors) -> String {
        func refusal(_ message: String) -> ConfigurationErrors {
            ConfigurationErrors([ConfigurationError(file: path, line: nil, message: message)])
        }
        func failure(_ code: Int32) -> ConfigurationErrors {
            switch code {
            case ENOENT: refusal("there is no such file")
            case EACCES: refusal("permission to read it is denied")
            default: refusal("it cannot be read: \(String(cString: strerror(code)))")
            }
        }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(errno) }
        defer { close(descriptor) }
        var octets: [UInt8] = []
        while octets.count <= maximumSize {
            var code: Int32 = 0
            let chunk = [UInt8](unsafeUninitializedCapacity: 64 * 1_024) { bytes, count in
                let result = read(descriptor, bytes.baseAddress, bytes.count)
                if result < 0 { code = errno }
                count = max(0, result)
            }
            guard code == 0 else { throw failure(code) }
            if chunk.isEmpty { break }
            octets += chunk
        }
        guard octets.count <= maximumSize else { throw refusal("it is larger than 16 MiB") }
        guard let text = String(validating: octets, as: UTF8.self) else { throw refusal("it is not UTF-8") }
        return text
    }

    /// Reads the text of a file.
    ///
    /// - Parameter file: the name that stands in errors.
    /// - Throws: `ConfigurationErrors` with everything that is wrong.
    package static func parse(
        text: String, file: String, environment: ConfigurationEnvironment = .current
    ) throws(ConfigurationErrors) -> ServerConfiguration {
        let entries = try TOMLNode.parse(text, file: file)
        var reader = ConfigurationReader(file: file, text: text)
        var configuration = ServerConfiguration(environment)
        reader.read(entries, at: [], into: &configuration)
        configuration.resolvePaths(of: file)
        configuration.complete()
        DomainFiles.read(into: &configuration, &reader)
        CertificateFiles.read(into: &configuration, &reader)
        configuration.readUsers(&reader)
        configuration.readTokenKeys(&reader)
        configuration.readClientSecret(&reader)
        configuration.readRoutePasswords(&reader)
        ConfigurationCheck.check(configuration, &reader)
        guard reader.errors.isEmpty else { throw ConfigurationErrors(reader.errors) }
        configuration.origins = reader.origins
        configuration.source = ConfigurationSource(text: text, file: file, environment: environment)
        return configuration
    }

    /// A server that nobody but this machine reaches: one listener on 127.0.0.1:2525, the domain `localhost`, the users
    /// `ann`, `bob` and `postmaster`.
    package static func loopback(_ environment: ConfigurationEnvironment) -> ServerConfiguration {
        var configuration = ServerConfiguration(environment)
        configuration.hostname = .localhost
        var domain = DomainConfiguration(name: .localhost)
        domain.users = ["ann", "bob", "postmaster"].compactMap { try? LocalPart($0) }
        configuration.domains = [domain]
        configuration.complete()
        return configuration
    }

    /// Lets relative paths begin in the folder of the configuration's file.
    private mutating func resolvePaths(of file: String) {
        guard let slash = file.lastIndex(of: "/") else { return }
        let folder = file[...slash]
        data = data.resolved(in: folder)
        tls.certificate = tls.certificate?.resolved(in: folder)
        tls.key = tls.key?.resolved(in: folder)
        auth.usersFile = auth.usersFile?.resolved(in: folder)
        auth.dovecot = auth.dovecot?.resolved(in: folder)
        oauth.keyFile = oauth.keyFile?.resolved(in: folder)
        oauth.clientSecretFile = oauth.clientSecretFile?.resolved(in: folder)
        tls.clientRoots = tls.clientRoots?.resolved(in: folder)
        tls.roots = tls.roots?.resolved(in: folder)
        for index in certificates.indices {
            certificates[index].certificate = certificates[index].certificate?.resolved(in: folder)
            certificates[index].key = certificates[index].key?.resolved(in: folder)
        }
        for index in domains.indices {
            domains[index].usersFile = domains[index].usersFile?.resolved(in: folder)
            domains[index].aliasesFile = domains[index].aliasesFile?.resolved(in: folder)
            domains[index].maildir = domains[index].maildir?.resolved(in: folder)
        }
        for index in routes.indices {
            routes[index].passwordFile = routes[index].passwordFile?.resolved(in: folder)
        }
        for index in lists.indices {
            lists[index].membersFile = lists[index].membersFile?.resolved(in: folder)
        }
    }
}
