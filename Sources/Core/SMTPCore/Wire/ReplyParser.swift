import MailCore

public import struct NIOCore.ByteBuffer

/// Reads replies from octets as they arrive (RFC 5321 §4.2).
///
/// Tolerant where servers are known to be careless: a line may end with a bare LF, and a reply may have no text and no
/// space behind its code. Everything a server controls has a limit.
public struct ReplyParser: Sendable {
    /// The longest line in octets, its end included. RFC 5321 §4.5.3.1.5 asks for 512; servers write more.
    public static let longestLine = 2_048
    public static let mostLines = 200
    /// The longest reply in octets, all lines together.
    public static let longestReply = 65_536

    private var line: [UInt8] = []
    private var pending: Pending?
    private var failure: ReplyError?

    public init() {}

    /// Takes octets up to the end of the next reply out of `buffer`.
    ///
    /// - Returns: the reply, or nil if it is not complete yet.
    /// - Throws: `ReplyError`; the connection is of no more use then, and each later call throws the same.
    public mutating func next(from buffer: inout ByteBuffer) throws(ReplyError) -> SMTPReply? {
        if let failure { throw failure }
        do throws(ReplyError) {
            while try readLine(from: &buffer) {
                let parsed = try ReplyLine(line)
                line.removeAll(keepingCapacity: true)
                if let reply = try add(parsed) { return reply }
            }
            return nil
        } catch {
            failure = error
            throw error
        }
    }

    /// Whether the front of a reply has arrived and its rest has not.
    public var isWithinReply: Bool { pending != nil || !line.isEmpty }

    /// Moves octets to `line`, up to a line end, which is left out. False if the line goes on.
    private mutating func readLine(from buffer: inout ByteBuffer) throws(ReplyError) -> Bool {
        let view = buffer.readableBytesView
        guard let end = view.firstIndex(of: ASCII.lf) else {
            line += view
            buffer.moveReaderIndex(forwardBy: view.count)
            guard line.count < Self.longestLine else { throw .lineTooLong }
            return false
        }
        line += view[..<end]
        buffer.moveReaderIndex(to: end + 1)
        guard line.count < Self.longestLine else { throw .lineTooLong }
        if line.last == ASCII.cr { line.removeLast() }
        return true
    }

    /// Adds a line to the reply, and returns the reply if it was the last one.
    private mutating func add(_ line: ReplyLine) throws(ReplyError) -> SMTPReply? {
        var reply = pending ?? Pending(code: line.code)
        guard reply.code == line.code else { throw .codeChanged(from: reply.code, to: line.code) }
        reply.octets += line.text.utf8.count + 6
        guard reply.lines.count < Self.mostLines, reply.octets <= Self.longestReply else { throw .tooLong }
        reply.add(line.text)
        pending = line.isLast ? nil : reply
        return line.isLast ? SMTPReply(reply.code, reply.status, lines: reply.lines) : nil
    }
}

/// Why octets are no reply.
public enum ReplyError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The line does not begin with three digits from 200 to 599 and a space or hyphen; its front, fit to be shown.
    case malformed(line: String)
    /// The lines of one reply bear different codes.
    case codeChanged(from: Int, to: Int)
    case lineTooLong
    /// More lines or octets than any reply has.
    case tooLong

    public var description: String {
        switch self {
        case .malformed(let line): "'\(line)' is no SMTP reply"
        case .codeChanged(let first, let second): "a reply begins with \(first) and goes on with \(second)"
        case .lineTooLong: "a line of a reply is longer than \(ReplyParser.longestLine) octets"
        case .tooLong: "a reply has more than \(ReplyParser.mostLines) lines or \(ReplyParser.longestReply) octets"
        }
    }
}

/// A reply whose last line has not come yet.
private struct Pending: Sendable {
    let code: Int
    var status: EnhancedStatusCode?
    var lines: [String] = []
    var octets = 0

    init(code: Int) {
        self.code = code
    }

    /// Adds a line's text. An enhanced status code counts only if its class is that of the reply (RFC 2034 §4); the
    /// later lines repeat it.
    mutating func add(_ text: String) {
        let octets = text.utf8
        let end = octets.firstIndex(of: ASCII.space) ?? octets.endIndex
        let status = EnhancedStatusCode(text[..<end]).flatMap { $0.class.rawValue == code / 100 ? $0 : nil }
        if lines.isEmpty { self.status = status }
        let isRepeated = status != nil && status == self.status
        lines.append(isRepeated ? String(text[end...].dropFirst()) : text)
    }
}

/// One line of a reply.
private struct ReplyLine {
    let code: Int
    let isLast: Bool
    let text: String

    init(_ line: [UInt8]) throws(ReplyError) {
        guard line.count >= 3, line.prefix(3).allSatisfy(\.isASCIIDigit) else { throw Self.malformed(line) }
        code = line.prefix(3).reduce(0) { $0 * 10 + Int($1 - 0x30) }
        guard (200...599).contains(code) else { throw Self.malformed(line) }
        switch line.count == 3 ? ASCII.space : line[3] {
        case ASCII.space: isLast = true
        case UInt8(ascii: "-"): isLast = false
        default: throw Self.malformed(line)
        }
        text = String(utf8: line.dropFirst(4))
    }

    private static func malformed(_ line: [UInt8]) -> ReplyError {
        .malformed(line: String(utf8: line.prefix(60).map { $0.isASCIIControl ? UInt8(ascii: "?") : $0 }))
    }
}
