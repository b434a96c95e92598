/// A configuration as TOML, with a comment behind every value that says where it comes from.
package struct ConfigurationListing {
    private let origins: ConfigurationOrigins
    private var lines: [String] = []
    private var values: [[String]: String] = [:]

    /// The listing of a whole configuration. Read again, it gives the same configuration.
    package static func text(of configuration: ServerConfiguration) -> String {
        var listing = ConfigurationListing(origins: configuration.origins)
        for key in ServerConfiguration.keys { key.write(configuration, [key.name], &listing) }
        return listing.lines.joined(separator: "\n") + "\n"
    }

    /// The values of a whole configuration as TOML, by the paths of their keys.
    static func values(of configuration: ServerConfiguration) -> [[String]: String] {
        var listing = ConfigurationListing(origins: configuration.origins)
        for key in ServerConfiguration.keys { key.write(configuration, [key.name], &listing) }
        return listing.values
    }

    private init(origins: ConfigurationOrigins) {
        self.origins = origins
    }

    mutating func append(_ toml: String, at path: [String]) {
        values[path] = toml
        lines.append("\(TOMLText.key(Array(path.suffix(1)))) = \(toml)  # \(origin(of: path))")
    }

    mutating func append<Section: ConfigurationSection>(_ section: Section, at path: [String]) {
        lines += ["", "[\(TOMLText.key(path))]"]
        for key in Section.keys { key.write(section, path + [key.name], &self) }
    }

    private func origin(of path: [String]) -> String {
        guard let file = origins.file, let line = origins.line(of: path) else { return "default" }
        return "\(file):\(line)"
    }
}
