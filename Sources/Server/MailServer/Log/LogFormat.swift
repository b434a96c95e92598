import Logging
import MailCore

/// How events become lines.
package enum LogFormat: Sendable {
    /// For people: time of day, event, values.
    case text
    /// One JSON object.
    case json
    /// `name=value` pairs.
    case logfmt

    /// A line with its end for each event. Nothing in a value can end a line or command a terminal.
    func lines(_ events: [LogEvent]) -> [UInt8] {
        var writer = LogLineWriter()
        for event in events { write(event, to: &writer) }
        return writer.octets
    }

    private func write(_ event: LogEvent, to writer: inout LogLineWriter) {
        switch self {
        case .text: writeText(event, to: &writer)
        case .json: writeJSON(event, to: &writer)
        case .logfmt: writeLogfmt(event, to: &writer)
        }
        writer.append("\n")
    }

    private func writeText(_ event: LogEvent, to writer: inout LogLineWriter) {
        writer.appendClock(of: event.time)
        writer.append(event.level >= .warning ? " \(event.level.rawValue.uppercased()) " : " ")
        writer.append(event.name)
        writer.appendPairs(event.fields)
    }

    private func writeLogfmt(_ event: LogEvent, to writer: inout LogLineWriter) {
        writeHead(of: event, after: ("time=", " level=", " event="), to: &writer)
        writer.appendPairs(event.fields)
    }

    private func writeHead(
        of event: LogEvent, after marks: (time: String, level: String, name: String), to writer: inout LogLineWriter
    ) {
        writer.append(marks.time)
        writer.append(event.time)
        writer.append(marks.level)
        writer.append(event.level.rawValue)
        writer.append(marks.name)
        writer.append(event.name)
    }

    private func writeJSON(_ event: LogEvent, to writer: inout LogLineWriter) {
        writeHead(of: event, after: ("{\"time\":\"", "\",\"level\":\"", "\",\"event\":\""), to: &writer)
        writer.append("\"")
        for (name, value) in event.fields {
            writer.append(",")
            writer.appendQuoted(name)
            writer.append(":")
            switch value {
            case .number(let number): writer.append(String(number))
            case .text(let text): writer.appendQuoted(text)
            }
        }
        writer.append("}")
    }
}
