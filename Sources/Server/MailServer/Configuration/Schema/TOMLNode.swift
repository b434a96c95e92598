import TOMLKit

/// A value of a TOML file, without the library that read it.
package enum TOMLNode: Sendable {
    case string(String)
    case integer(Int)
    case float(Double)
    case boolean(Bool)
    case time
    case array([TOMLNode])
    case table([String: TOMLNode])

    /// What the value is, for an error text.
    var kind: String {
        switch self {
        case .string: "a text"
        case .integer: "a whole number"
        case .float: "a number with a fraction"
        case .boolean: "true or false"
        case .time: "a date or time"
        case .array: "a list"
        case .table: "a table"
        }
    }

    /// Reads a whole file.
    ///
    /// - Throws: `ConfigurationErrors` with the one syntax error that stopped the reading.
    static func parse(_ text: String, file: String) throws(ConfigurationErrors) -> [String: TOMLNode] {
        do {
            return entries(of: try TOMLTable(string: text))
        } catch let error as TOMLParseError {
            let line = error.source.begin.line
            throw ConfigurationErrors([ConfigurationError(file: file, line: line, message: error.description)])
        } catch {
            throw ConfigurationErrors([ConfigurationError(file: file, line: nil, message: "\(error)")])
        }
    }

    private static func entries(of table: TOMLTable) -> [String: TOMLNode] {
        var entries: [String: TOMLNode] = [:]
        for key in table.keys {
            if let value = table[key] { entries[key] = TOMLNode(value) }
        }
        return entries
    }

    private init(_ value: any TOMLValueConvertible) {
        if let table = value.table {
            self = .table(Self.entries(of: table))
        } else if let array = value.array {
            self = .array(array.map(TOMLNode.init))
        } else if let text = value.string {
            self = .string(text)
        } else if let number = value.int {
            self = .integer(number)
        } else if let flag = value.bool {
            self = .boolean(flag)
        } else if let number = value.double {
            self = .float(number)
        } else {
            self = .time
        }
    }
}
