import MailCore
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
            let message = error.description.replacing("\n", with: "").escapingControls
            throw ConfigurationErrors([
                ConfigurationError(file: file, line: line(of: error, in: text), message: message)
            ])
        } catch {
            throw ConfigurationErrors([ConfigurationError(file: file, line: nil, message: "\(error)")])
        }
    }

    /// Of a bracket that is not closed it is told where something else comes: in the line before, mostly.
    private static func line(of error: TOMLParseError, in text: String) -> Int {
        let place = error.source.begin
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        guard error.description.contains("expected comma or closing"), lines.indices.contains(place.line - 1),
            lines[place.line - 1].prefix(max(0, place.column - 1)).allSatisfy(\.isWhitespace)
        else { return place.line }
        let before = lines[..<(place.line - 1)].lastIndex { line in
            line.first { !$0.isWhitespace }.map { $0 != "#" } ?? false
        }
        return before.map { $0 + 1 } ?? place.line
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
