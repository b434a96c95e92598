import CText
import MailCore

/// Walks through a message that comes piece by piece, and keeps of it one header and one line at most. Parts are found
/// as `MessageParser` finds them.
struct PartWalker<Visitor: PartVisitor & Sendable>: Sendable {
    /// A part around the current line.
    struct OpenPart: Sendable {
        var boundary: [UInt8]?
        var isDigest = false
        var isMessageByDefault = false
        var isMessage = false
    }

    enum Mode: Sendable {
        case header
        case body
    }

    /// A line end that belongs to the text, unless a boundary follows.
    enum LineEnd: Sendable {
        case none, cr, lf, crlf

        var text: StaticString {
            switch self {
            case .none: ""
            case .cr: "\r"
            case .lf: "\n"
            case .crlf: "\r\n"
            }
        }
    }

    var visitor: Visitor
    let limits: MessageLimits
    /// Whether the message is so deep or so wide that it was not taken apart.
    var isBeyondLimits = false
    var open = [OpenPart(isMessage: true)]
    var boundaryCount = 0
    var partCount = 1
    var fieldCount = 0
    var mode = Mode.header
    /// The header so far, and where its last line begins.
    var header: [UInt8] = []
    var lineStart = 0
    var fields: [FieldRecord] = []
    /// Whether lines that begin with a blank continue a field.
    var continuesField = false
    var isFirstLine = true
    /// The beginning of a line of text that may be a boundary.
    private var line: [UInt8] = []
    private var isLineStart = true
    private var held = LineEnd.none

    init(_ visitor: Visitor, limits: MessageLimits) {
        self.visitor = visitor
        self.limits = limits
    }

    mutating func receive(_ piece: UnsafeRawBufferPointer) {
        var rest = piece
        while !rest.isEmpty {
            if mode == .header {
                rest = takeHeader(rest)
            } else if boundaryCount == 0 {
                release()
                visitor.text(rest)
                return
            } else {
                rest = isLineStart ? takeLineStart(rest) : takeText(rest)
            }
        }
    }

    mutating func finish() {
        if mode == .body, !line.isEmpty { takePendingLine() }
        if mode == .header, header.count > lineStart { takeHeaderLine() }
        if mode == .header { endHeader(endLength: 0) }
        if mode == .header {
            visitHeader(.leaf, endLength: 0)
        } else {
            release()
            visitor.endText(isEndOfMessage: true)
        }
    }

    /// Everything from here on is text.
    mutating func giveUp() {
        isBeyondLimits = true
        boundaryCount = 0
    }
}

// MARK: - Text

extension PartWalker {
    mutating func beginText(isBody: Bool) {
        mode = .body
        (isLineStart, held) = (true, .none)
        visitor.beginText(isBody: isBody, depth: open.count - 1)
    }

    /// Octets up to where the next line begins, or all.
    func split(_ bytes: UnsafeRawBufferPointer) -> (line: UnsafeRawBufferPointer, rest: UnsafeRawBufferPointer) {
        guard let base = bytes.baseAddress, let found = memchr(base, Int32(ASCII.lf), bytes.count) else {
            return (bytes, UnsafeRawBufferPointer(rebasing: bytes[bytes.endIndex...]))
        }
        let end = UnsafeRawPointer(found) - base + 1
        return (UnsafeRawBufferPointer(rebasing: bytes[..<end]), UnsafeRawBufferPointer(rebasing: bytes[end...]))
    }

    private mutating func takeText(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        let (lines, rest) = splitBeforeHyphen(bytes)
        emit(lines)
        return rest
    }

    /// As many lines as there are before one that may be a boundary.
    private func splitBeforeHyphen(
        _ bytes: UnsafeRawBufferPointer
    ) -> (lines: UnsafeRawBufferPointer, rest: UnsafeRawBufferPointer) {
        guard let base = bytes.baseAddress else { return (bytes, bytes) }
        var end = 0
        while let found = memchr(base + end, Int32(ASCII.lf), bytes.count - end) {
            end = UnsafeRawPointer(found) - base + 1
            if end == bytes.count || bytes[end] == hyphen {
                return (
                    UnsafeRawBufferPointer(rebasing: bytes[..<end]), UnsafeRawBufferPointer(rebasing: bytes[end...])
                )
            }
        }
        return (bytes, UnsafeRawBufferPointer(rebasing: bytes[bytes.count...]))
    }

    /// A line that begins with a hyphen is kept until it is whole, for it may be a boundary.
    private mutating func takeLineStart(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        if line.isEmpty, bytes[0] != hyphen { return takeText(bytes) }
        let (piece, rest) = split(bytes)
        let isWhole = piece[piece.count - 1] == ASCII.lf
        if line.isEmpty, isWhole {
            takeLine(piece)
            return rest
        }
        line += piece
        let mayBeBoundary = line.count < 2 || line[1] == hyphen
        if isWhole || !mayBeBoundary || line.count > limits.headerSize { takePendingLine() }
        return rest
    }

    private mutating func takePendingLine() {
        let pending = line
        line = []
        pending.withUnsafeBytes { takeLine($0) }
    }

    /// Takes a line that stands at the beginning of one; what is longer than may be kept is none that counts.
    mutating func takeLine(_ bytes: UnsafeRawBufferPointer) {
        if let match = match(Line(bytes, 0..<bytes.count)) { cross(match, bytes) } else { emit(bytes) }
    }

    /// Gives out text of one or more lines, all but the end of the last.
    private mutating func emit(_ bytes: UnsafeRawBufferPointer) {
        let endsLine = bytes[bytes.count - 1] == ASCII.lf
        isLineStart = endsLine
        if held == .cr, endsLine, bytes.count == 1 {
            held = .crlf
            return
        }
        release()
        var count = bytes.count - (endsLine ? 1 : 0)
        let hasCR = count > 0 && bytes[count - 1] == ASCII.cr
        if hasCR { count -= 1 }
        held = endsLine ? (hasCR ? .crlf : .lf) : (hasCR ? .cr : .none)
        if count > 0 { visitor.text(UnsafeRawBufferPointer(rebasing: bytes[..<count])) }
    }

    /// What was held is text.
    private mutating func release() {
        guard held != .none else { return }
        held.text.withUTF8Buffer { visitor.text(UnsafeRawBufferPointer($0)) }
        held = .none
    }
}

// MARK: - Boundaries

extension PartWalker {
    typealias Match = (part: Int, kind: Line.BoundaryKind)

    /// Whose boundary the line is; the innermost goes first.
    func match(_ line: Line) -> Match? {
        guard boundaryCount > 0, line.mayBeBoundary else { return nil }
        for index in open.indices.reversed() {
            guard let boundary = open[index].boundary, let kind = line.boundary(boundary) else { continue }
            return (index, kind)
        }
        return nil
    }

    mutating func cross(_ match: Match, _ line: UnsafeRawBufferPointer) {
        if match.kind == .separator, mode == .header, header.isEmpty, open.count == match.part + 2 {
            // Boundaries without a line between them have no part between them either (RFC 2046 §5.1.1).
            return visitor.boundary(line)
        }
        if mode == .header { visitHeader(.leaf, endLength: 0) } else { visitor.endText(isEndOfMessage: false) }
        let whole = held.text.withUTF8Buffer(Array.init) + line
        held = .none
        whole.withUnsafeBytes { visitor.boundary($0) }
        boundaryCount -= open[(match.part + 1)...].count { $0.boundary != nil }
        open.removeLast(open.count - match.part - 1)
        if match.kind == .close {
            open[match.part].boundary = nil
            boundaryCount -= 1
            beginText(isBody: false)
        } else {
            beginPart(OpenPart(isMessageByDefault: open[match.part].isDigest))
        }
    }

    mutating func beginPart(_ part: OpenPart) {
        partCount += 1
        if partCount > limits.parts { giveUp() }
        open.append(part)
        mode = .header
        (header, lineStart, fields, continuesField) = ([], 0, [], false)
    }
}

private let hyphen = UInt8(ascii: "-")
