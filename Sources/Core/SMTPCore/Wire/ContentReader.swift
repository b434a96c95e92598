import MailCore

package import struct NIOCore.ByteBuffer

/// Takes the content of a message off the wire, after DATA up to CRLF.CRLF or after BDAT by count, and watches what may
/// not be in it. Octets are looked at once.
package struct ContentReader {
    /// How the content is framed.
    package enum Framing: Equatable {
        /// Ended by a line with a single dot, leading dots doubled (RFC 5321 §4.5.2).
        case dotStuffed
        /// So many octets to come of the present chunk (RFC 3030 §2).
        case chunk(remaining: UInt64)
    }

    package enum Event: Equatable {
        /// Content, as the sender wrote it.
        case piece(ByteBuffer)
        /// The final dot, or the end of the chunk.
        case end
    }

    /// What stands before the octet to come.
    private enum Position {
        /// The beginning, or behind a CRLF.
        case lineStart
        case text
        case carriageReturn
        /// Behind a dot at the beginning of a line, which is held back.
        case dot
        /// Behind such a dot and a CR.
        case dotCarriageReturn
    }

    var framing: Framing
    package private(set) var inspection: ContentInspection
    private let convertsBareLF: Bool
    private var position = Position.lineStart

    package init(framing: Framing, limits: ContentLimits, convertsBareLF: Bool, allowsBinary: Bool) {
        self.framing = framing
        self.convertsBareLF = convertsBareLF && !allowsBinary
        inspection = ContentInspection(limits: limits, allowsBinary: allowsBinary)
    }

    /// The next event that the input brings about; nil if it takes more input.
    package mutating func next(from input: inout ByteBuffer) -> Event? {
        if case .chunk(let remaining) = framing { return nextOfChunk(remaining, from: &input) }
        while input.readableBytes > 0 {
            switch position {
            case .dot, .dotCarriageReturn:
                if let event = behindDot(&input) { return event }
            case .lineStart where input.getInteger(at: input.readerIndex, as: UInt8.self) == ASCII.dot:
                input.moveReaderIndex(forwardBy: 1)
                position = .dot
            case .lineStart, .text, .carriageReturn:
                if let piece = run(of: &input, atMost: input.readableBytes) { return .piece(piece) }
            }
        }
        return nil
    }

    /// Tells the inspection that no octet follows.
    package mutating func finish() {
        if position == .carriageReturn { inspection.note(.bareCR) }
    }

    private mutating func nextOfChunk(_ remaining: UInt64, from input: inout ByteBuffer) -> Event? {
        guard remaining > 0 else { return .end }
        let before = input.readerIndex
        guard let piece = run(of: &input, atMost: Int(min(UInt64(input.readableBytes), remaining))) else { return nil }
        framing = .chunk(remaining: remaining - UInt64(input.readerIndex - before))
        return .piece(piece)
    }

    /// A dot at the beginning of a line is either the end or the doubling of what follows.
    private mutating func behindDot(_ input: inout ByteBuffer) -> Event? {
        let byte = input.getInteger(at: input.readerIndex, as: UInt8.self)
        if position == .dotCarriageReturn {
            guard byte == ASCII.lf else {
                position = .carriageReturn
                return .piece(insert(ASCII.cr))
            }
            input.moveReaderIndex(forwardBy: 1)
            position = .lineStart
            return .end
        }
        if byte == ASCII.cr {
            input.moveReaderIndex(forwardBy: 1)
            position = .dotCarriageReturn
        } else {
            position = .text
        }
        return nil
    }

    /// Takes octets up to the next dot at the beginning of a line, or up to a bare LF that is to be converted; nil if
    /// there is no octet.
    private mutating func run(of input: inout ByteBuffer, atMost limit: Int) -> ByteBuffer? {
        var stop = Stop.limit
        let count = input.withUnsafeReadableBytes { bytes -> Int in
            let (count, reason) = scan(bytes, upTo: limit)
            stop = reason
            inspection.take(UnsafeRawBufferPointer(rebasing: bytes[..<count]))
            return count
        }
        if count > 0 { return input.readSlice(length: count) }
        guard stop == .bareLF else { return nil }
        input.moveReaderIndex(forwardBy: 1)
        inspection.countLine(2, ends: true)
        // No line start to the dot: only a real CRLF before it makes it the end or a doubled one.
        position = .text
        return insert(ASCII.cr, ASCII.lf)
    }

    private enum Stop {
        case limit, dot, bareLF
    }

    private mutating func scan(_ bytes: UnsafeRawBufferPointer, upTo limit: Int) -> (Int, Stop) {
        var state = position
        var index = 0
        var lineStart = 0
        var stop = Stop.limit
        let stopsAtDots = framing == .dotStuffed
        while index < limit {
            let byte = bytes[index]
            if byte > ASCII.cr {
                if state != .text {
                    if state == .lineStart, stopsAtDots, byte == ASCII.dot {
                        stop = .dot
                        break
                    }
                    if state == .carriageReturn { inspection.note(.bareCR) }
                    state = .text
                }
            } else if byte == ASCII.lf, convertsBareLF, state != .carriageReturn {
                stop = .bareLF
                break
            } else {
                state = control(byte, in: state)
                if byte == ASCII.lf {
                    inspection.countLine(index + 1 - lineStart, ends: true)
                    lineStart = index + 1
                }
            }
            index += 1
        }
        inspection.countLine(index - lineStart, ends: false)
        position = state
        return (index, stop)
    }

    /// Octets of content that don't stand so in the input.
    private mutating func insert(_ bytes: UInt8...) -> ByteBuffer {
        bytes.withUnsafeBytes { inspection.take($0) }
        return ByteBuffer(bytes: bytes)
    }

    /// What an octet up to CR makes of the position.
    private mutating func control(_ byte: UInt8, in state: Position) -> Position {
        switch (byte, state) {
        case (ASCII.lf, .carriageReturn): return .lineStart
        case (ASCII.lf, _):
            inspection.note(.bareLF)
            return .text
        case (ASCII.cr, .carriageReturn):
            inspection.note(.bareCR)
            return .carriageReturn
        case (ASCII.cr, _): return .carriageReturn
        case (_, .carriageReturn):
            inspection.note(.bareCR)
            fallthrough
        default:
            if byte == ASCII.nul { inspection.note(.nul) }
            return .text
        }
    }
}
