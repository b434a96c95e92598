public import MailCore

public import struct NIOCore.ByteBuffer

/// The answer to a command: a three-digit code, an enhanced status code where there is one, and one line of text or
/// several (RFC 5321 §4.2, RFC 2034).
public struct SMTPReply: Hashable, Sendable {
    /// What the first digit says (RFC 5321 §4.2.1).
    public enum Severity: Int, Sendable {
        case positiveCompletion = 2
        case positiveIntermediate = 3
        case transientNegative = 4
        case permanentNegative = 5
    }

    /// From 200 to 599.
    public let code: Int
    public let status: EnhancedStatusCode?
    /// The text, line by line, without code, status code and line ends. Never empty.
    public let lines: [String]

    /// - Precondition: `code` is from 200 to 599, and there is a line.
    public init(_ code: Int, _ status: EnhancedStatusCode? = nil, lines: [String]) {
        precondition((200...599).contains(code) && !lines.isEmpty)
        self.code = code
        self.status = status
        self.lines = lines
    }

    public init(_ code: Int, _ status: EnhancedStatusCode, _ text: String) {
        self.init(code, status, lines: [text])
    }

    /// A reply without an enhanced status code, as those to connecting, HELO, EHLO and DATA are.
    public init(_ code: Int, _ text: String) {
        self.init(code, lines: [text])
    }

    public var severity: Severity { Severity(rawValue: code / 100) ?? .permanentNegative }

    /// Whether the command was carried out or may go on.
    public var isPositive: Bool { code < 400 }
}

extension SMTPReply: CustomStringConvertible {
    /// The reply in one line: `250 2.1.0 Sender accepted`.
    public var description: String {
        "\(code) " + (status.map { "\($0) " } ?? "") + lines.joined(separator: " ")
    }
}

extension SMTPReply {
    /// The longest line on the wire in octets, with its CRLF (RFC 5321 §4.5.3.1.5).
    public static let maximumLineLength = 512

    /// Writes the reply as it stands on the wire. Control characters become `?`, so that no reply can hold a line end of
    /// its own making; lines that are too long are cut.
    public func write(to buffer: inout ByteBuffer) {
        for (index, line) in lines.enumerated() {
            let start = buffer.writerIndex
            writeCode(separator: index == lines.count - 1 ? " " : "-", to: &buffer)
            if let status { buffer.writeString("\(status) ") }
            write(line, room: Self.maximumLineLength - 2 - (buffer.writerIndex - start), to: &buffer)
            buffer.writeStaticString("\r\n")
        }
    }

    private func write(_ line: String, room: Int, to buffer: inout ByteBuffer) {
        guard line.utf8.count > room || line.utf8.contains(where: \.isASCIIControl) else {
            buffer.writeString(line)
            return
        }
        var left = room
        for scalar in line.unicodeScalars {
            left -= scalar.utf8.count
            guard left >= 0 else { return }
            buffer.writeString(scalar.isASCII && UInt8(ascii: scalar).isASCIIControl ? "?" : String(scalar))
        }
    }

    private func writeCode(separator: Unicode.Scalar, to buffer: inout ByteBuffer) {
        let digits = [code / 100, code / 10 % 10, code % 10].map { UInt8($0) + UInt8(ascii: "0") }
        buffer.writeBytes(digits)
        buffer.writeInteger(UInt8(ascii: separator))
    }
}
