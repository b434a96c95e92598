import FoundationEssentials
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

    static func contents(of path: String) throws(ConfigurationErrors) -> String {
        func refusal(_ message: String) -> ConfigurationErrors {
            ConfigurationErrors([ConfigurationError(file: path, line: nil, message: message)])
        }
        let data: Data
        do {
            data = try Data(contentsOf: URL(filePath: path))
        } catch let error as CocoaError where error.code == .fileReadNoSuchFile {
            throw refusal("there is no such file")
        } catch let error as CocoaError where error.code == .fileReadNoPermission {
            throw refusal("permission to read it is denied")
        } catch {
            throw refusal("it cannot be read: \(error)")
        }
        guard data.count <= maximumSize else { throw refusal("it is larger than 16 MiB") }
        guard let text = String(validating: data, as: UTF8.self) else { throw refusal("it is not UTF-8") }
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
        configuration.complete()
        DomainFiles.read(into: &configuration, &reader)
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
}
