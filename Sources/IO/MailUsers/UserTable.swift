/// The users who can log in: `name:{SCHEME}value:{SCHEME}value` on a line each. Fields that do not begin with a brace
/// belong to other programs, so that a passwd-file of Dovecot can be read; lines that begin with `#` are comments.
public struct UserTable: Hashable, Sendable {
    /// In the order of the file.
    public private(set) var records: [UserRecord] = []
    private var numbers: [String: Int] = [:]

    public init() {}

    /// - Throws: `UserFileError` naming the first line that is wrong, and nothing of what it holds but the name.
    public init(_ text: String) throws(UserFileError) {
        for (number, line) in text.split(whereSeparator: \.isNewline).enumerated() where !Self.isEmpty(line) {
            do throws(UserFileError) {
                let record = try Self.record(line)
                guard find(record.name) == nil else { throw UserFileError("\(record.name) is there twice") }
                put(record)
            } catch {
                throw UserFileError("line \(number + 1): \(error)")
            }
        }
    }

    private static func isEmpty(_ line: Substring) -> Bool {
        line.hasPrefix("#") || line.allSatisfy(\.isWhitespace)
    }

    private static func record(_ line: Substring) throws(UserFileError) -> UserRecord {
        let fields = line.split(separator: ":", omittingEmptySubsequences: false)
        let name = String(fields[0])
        guard isName(name), fields.count > 1 else { throw UserFileError("is no NAME:{SCHEME}PASSWORD") }
        var verifiers = [try PasswordVerifier(fields[1])]
        for field in fields.dropFirst(2) where field.hasPrefix("{") { verifiers.append(try PasswordVerifier(field)) }
        return UserRecord(name: name, verifiers: verifiers)
    }

    /// Whether a name can stand in a file: 1 to 255 octets without a colon, a space or a control character.
    public static func isName(_ name: String) -> Bool {
        let length = name.utf8.count
        return (1...255).contains(length) && !name.hasPrefix("#") && !name.contains(":")
            && !name.unicodeScalars.contains { $0.properties.isWhitespace || $0.value < 0x20 || $0.value == 0x7F }
    }

    /// The user of a name, in any case.
    public func find(_ name: String) -> UserRecord? { numbers[name.lowercased()].map { records[$0] } }

    /// Adds a user, or changes one.
    public mutating func put(_ record: UserRecord) {
        if let number = numbers[record.name.lowercased()] {
            records[number] = record
        } else {
            numbers[record.name.lowercased()] = records.count
            records.append(record)
        }
    }

    /// Takes a user away; false if there was none.
    public mutating func remove(_ name: String) -> Bool {
        guard let number = numbers[name.lowercased()] else { return false }
        records.remove(at: number)
        numbers = Dictionary(uniqueKeysWithValues: records.enumerated().map { ($1.name.lowercased(), $0) })
        return true
    }

    /// As it stands in a file.
    public var text: String {
        records.map { ([$0.name] + $0.verifiers.map(\.text)).joined(separator: ":") + "\n" }.joined()
    }
}

/// What is wrong with a file of users.
public struct UserFileError: Error, Hashable, Sendable, CustomStringConvertible {
    public let description: String

    public init(_ description: String) {
        self.description = description
    }
}
