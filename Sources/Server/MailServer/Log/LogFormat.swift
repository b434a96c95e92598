import Logging
import MailCore

/// How an event becomes a line.
package enum LogFormat: Sendable {
    /// For people: time of day, event, values.
    case text
    /// One JSON object.
    case json
    /// `name=value` pairs.
    case logfmt

    /// The line with its end. Nothing in a value can end the line or command a terminal.
    func line(_ event: LogEvent) -> String {
        switch self {
        case .text: textLine(event)
        case .json: jsonLine(event)
        case .logfmt: logfmtLine(event)
        }
    }

    private func textLine(_ event: LogEvent) -> String {
        let clock = event.time.description.dropFirst(11).prefix(8)
        let mark = event.level >= .warning ? event.level.rawValue.uppercased() + " " : ""
        let fields = event.fields.map { " \($0.name)=\(Self.bare($0.value))" }.joined()
        return "\(clock) \(mark)\(event.name)\(fields)\n"
    }

    private func logfmtLine(_ event: LogEvent) -> String {
        let fields = event.fields.map { " \($0.name)=\(Self.bare($0.value))" }.joined()
        return "time=\(event.time) level=\(event.level.rawValue) event=\(event.name)\(fields)\n"
    }

    private func jsonLine(_ event: LogEvent) -> String {
        let fields = event.fields.map { ",\(Self.json(.text($0.name))):\(Self.json($0.value))" }.joined()
        return
            "{\"time\":\"\(event.time)\",\"level\":\"\(event.level.rawValue)\",\"event\":\"\(event.name)\"\(fields)}\n"
    }

    /// A value that stands by itself, or as JSON writes it where it holds what would end it.
    private static func bare(_ value: LogEvent.Value) -> String {
        switch value {
        case .number(let number): return String(number)
        case .text(let text):
            let needsQuotes = text.unicodeScalars.contains { $0.isUnsafeInLine || $0.endsBareValue }
            return needsQuotes || text.isEmpty ? json(value) : text
        }
    }

    private static func json(_ value: LogEvent.Value) -> String {
        switch value {
        case .number(let number): return String(number)
        case .text(let text):
            var quoted = "\""
            for scalar in text.unicodeScalars {
                if scalar == "\"" || scalar == "\\" {
                    quoted += "\\\(scalar)"
                } else if scalar.isUnsafeInLine {
                    let digits = String(scalar.value, radix: 16)
                    quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                } else {
                    quoted.unicodeScalars.append(scalar)
                }
            }
            return quoted + "\""
        }
    }
}

extension Unicode.Scalar {
    fileprivate var endsBareValue: Bool {
        switch self {
        case " ", "=", "\"", "\\": true
        default: false
        }
    }
}
