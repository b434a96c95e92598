/// Fills sections from the values of a file and collects everything that is wrong with them.
package struct ConfigurationReader {
    let file: String
    private(set) var origins: ConfigurationOrigins
    /// Where values stand that are in other files.
    private var places: [[String]: (file: String, line: Int)] = [:]
    private var problems: [(path: [String], error: ConfigurationError)] = []

    init(file: String, text: String) {
        self.file = file
        origins = ConfigurationOrigins(file: file, lines: TOMLKeyLocator.lines(in: text))
    }

    /// Everything that was refused, in the order of the lines; what stands in other files comes last.
    var errors: [ConfigurationError] {
        problems.map(\.error).enumerated().sorted {
            ($0.element.file == file ? 0 : 1, $0.element.line ?? 0, $0.offset)
                < ($1.element.file == file ? 0 : 1, $1.element.line ?? 0, $1.offset)
        }
        .map(\.element)
    }

    func hasErrors(below path: [String]) -> Bool { problems.contains { $0.path.starts(with: path) } }

    /// Says that the value at `path` stands in another file.
    mutating func note(_ path: [String], in file: String, line: Int) { places[path] = (file, line) }

    mutating func refuse(_ message: String, at path: [String]) {
        let place = (0...path.count).reversed().compactMap { places[Array(path.prefix($0))] }.first
        let error = ConfigurationError(
            file: place?.file ?? file, line: place?.line ?? origins.nearestLine(to: path), message: message)
        refuse(error, at: path)
    }

    /// Takes what is wrong in another file, which the key at `path` names.
    mutating func refuse(_ error: ConfigurationError, at path: [String]) {
        problems.append((path, error))
    }

    mutating func refuse(_ refusal: ValueRefusal, at path: [String]) {
        let key = TOMLText.key(Array(path.suffix(1)))
        for problem in refusal.problems { refuse("\(key) \(problem.message)", at: path + problem.path) }
    }

    mutating func read<Section: ConfigurationSection>(_ node: TOMLNode, at path: [String], into section: inout Section)
    {
        guard case .table(let entries) = node else {
            refuse("\(Self.place(path)) must be a table, not \(node.kind)", at: path)
            return
        }
        read(entries, at: path, into: &section)
    }

    mutating func read<Section: ConfigurationSection>(
        _ entries: [String: TOMLNode], at path: [String], into section: inout Section
    ) {
        let keys = Section.keys
        for key in keys {
            if let node = entries[key.name] {
                key.read(node, path + [key.name], &self, &section)
            } else if key.isRequired {
                refuse("\(Self.place(path)) lacks \(TOMLText.string(key.name))", at: path)
            }
        }
        let names = Set(keys.map(\.name))
        for unknown in entries.keys.sorted() where !names.contains(unknown) {
            refuse(Self.unknown(unknown, at: path, among: keys.map(\.name)), at: path + [unknown])
        }
    }

    private static func unknown(_ name: String, at path: [String], among names: [String]) -> String {
        let message = "unknown key \(TOMLText.string(name))" + (path.isEmpty ? "" : " in \(place(path))")
        if let nearest = Suggestion.nearest(to: name, among: names) {
            return message + "; did you mean \(TOMLText.string(nearest))?"
        }
        let belongsToTop = !path.isEmpty && ServerConfiguration.keys.contains { $0.name == name }
        return message + (belongsToTop ? "; it belongs above the first table" : "")
    }

    private static func place(_ path: [String]) -> String { "[\(TOMLText.key(path))]" }

    /// The key under which a named section stands.
    static func keyText(of name: some ConfigurationValue & Hashable) -> String { "\(name)" }

    mutating func readNamed<Section: NamedConfigurationSection>(_ node: TOMLNode, at path: [String]) -> [Section] {
        guard case .table(let entries) = node else {
            refuse("\(Self.place(path)) must be a table, not \(node.kind)", at: path)
            return []
        }
        let lined = entries.map { (line: origins.line(of: path + [$0.key]) ?? 0, key: $0.key, node: $0.value) }
        var names: Set<Section.Name> = []
        return lined.sorted { ($0.line, $0.key) < ($1.line, $1.key) }.compactMap { _, key, node in
            do throws(ValueRefusal) {
                let name = try Section.Name(.string(key))
                guard names.insert(name).inserted else { throw ValueRefusal("is the same as one before it") }
                return readSection(name, node, at: path + [key])
            } catch {
                refuse(error, at: path + [key])
                return nil
            }
        }
    }

    /// Refuses tables that a name with dots has become for want of quotes: `[route.example.org]`.
    ///
    /// - Returns: whether there are such.
    private mutating func refuseUnquoted(
        _ entries: [String: TOMLNode], at path: [String], among keys: [String]
    ) -> Bool {
        var found = false
        for (key, node) in entries.sorted(by: { $0.key < $1.key }) where !keys.contains(key) {
            guard case .table(var inner) = node else { continue }
            var labels = [path.last ?? "", key]
            while inner.count == 1, let (label, node) = inner.first, !keys.contains(label), case .table(let next) = node
            {
                labels.append(label)
                inner = next
            }
            found = true
            let name = Self.place(path.dropLast() + [labels.joined(separator: ".")])
            refuse("a name with dots stands in quotes: write \(name)", at: path + labels.dropFirst())
        }
        return found
    }

    private mutating func readSection<Section: NamedConfigurationSection>(
        _ name: Section.Name, _ node: TOMLNode, at path: [String]
    ) -> Section {
        var section = Section(name: name)
        let key = Self.keyText(of: name)
        let canonical = Array(path.dropLast()) + [key]
        if path.last != key { origins.copy(path, to: canonical) }
        switch (node, Section.shortFormKey) {
        case (.table(let entries), _) where refuseUnquoted(entries, at: canonical, among: Section.keys.map(\.name)):
            break
        case (.table, _), (_, nil): read(node, at: canonical, into: &section)
        case (_, let shortForm?):
            origins.copy(canonical, to: canonical + [shortForm])
            read([shortForm: node], at: canonical, into: &section)
        }
        return section
    }
}
