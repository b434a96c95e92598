import MailCore

/// The files of users, aliases and members that domains and lists name.
struct DomainFiles {
    private var reader: ConfigurationReader
    private var files: [ReadFile] = []

    /// Reads them all; what is wrong goes to `reader`.
    static func read(into configuration: inout ServerConfiguration, _ reader: inout ConfigurationReader) {
        var files = DomainFiles(reader: reader)
        for index in configuration.domains.indices {
            let domain = configuration.domains[index]
            configuration.domains[index].fileUsers = files.users(of: domain)
            configuration.fileAliases += files.aliases(of: domain)
        }
        for index in configuration.lists.indices {
            configuration.lists[index].fileMembers = files.members(of: configuration.lists[index])
        }
        configuration.files = files.files
        reader = files.reader
    }

    private init(reader: ConfigurationReader) {
        self.reader = reader
    }

    private mutating func users(of domain: DomainConfiguration) -> [LocalPart] {
        guard let file = domain.usersFile else { return [] }
        let path = ["domain", domain.name.description, "users_file"]
        return lines(of: file, at: path).compactMap { line in
            let user = read(line, of: file, at: path) { text throws(ValueRefusal) in try TextFileLine.name(in: text) }
            if let user { reader.note(path + [user.text], in: file.description, line: line.number) }
            return user
        }
    }

    private mutating func aliases(of domain: DomainConfiguration) -> [AliasConfiguration] {
        guard let file = domain.aliasesFile else { return [] }
        let path = ["domain", domain.name.description, "aliases_file"]
        return lines(of: file, at: path).compactMap { line in
            let alias = read(line, of: file, at: path) { text throws(ValueRefusal) in
                try AliasLine(text).alias(in: domain.host)
            }
            if let name = alias?.name.localPart.text {
                reader.note(path + [name], in: file.description, line: line.number)
            }
            return alias
        }
    }

    private mutating func members(of list: ListConfiguration) -> [RecipientReference] {
        guard let file = list.membersFile else { return [] }
        let path = ["list", list.name.description, "members_file"]
        return lines(of: file, at: path).compactMap { line in
            let member = read(line, of: file, at: path) { text throws(ValueRefusal) in
                try RecipientReference(.string(text))
            }
            if let member {
                let address = member.address(in: list.name.host)
                reader.note(path + ["\(address)"], in: file.description, line: line.number)
            }
            return member
        }
    }

    private mutating func read<Value>(
        _ line: TextFileLine, of file: FilePath, at path: [String], _ body: (String) throws(ValueRefusal) -> Value
    ) -> Value? {
        do throws(ValueRefusal) {
            return try body(line.text)
        } catch {
            let message = error.problems.map(\.message).joined(separator: "; ")
            let problem = ConfigurationError(
                file: file.description, line: line.number, message: "\(TOMLText.string(line.text)) \(message)")
            reader.refuse(problem, at: path)
            return nil
        }
    }

    private mutating func lines(of file: FilePath, at path: [String]) -> [TextFileLine] {
        // The stamp first: what changes in between is read again.
        files.append(ReadFile(path: file.description, stamp: FileStamp(path: file.description)))
        do throws(ConfigurationErrors) {
            return TextFileLine.lines(of: try ServerConfiguration.contents(of: file.description))
        } catch {
            for problem in error.errors {
                reader.refuse("\(TOMLText.string(file.description)): \(problem.message)", at: path)
            }
            return []
        }
    }
}
