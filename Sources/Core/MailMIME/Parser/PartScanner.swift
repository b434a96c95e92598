import CText
import MailCore

/// Finds the parts of a message and their fields, line by line (RFC 2046 §5.1), in time that grows with the message.
struct PartScanner: Sendable {
    struct OpenBoundary: Sendable {
        let text: [UInt8]
        /// How many parts are open inside of which this boundary counts: up to its multipart.
        let depth: Int
    }

    enum Mode: Sendable {
        case header
        case body
    }

    let limits: MessageLimits
    private(set) var parts: [PartRecord]
    private(set) var fields: [FieldRecord] = []
    private(set) var defects: [MessageDefect] = []
    private(set) var steps = 0
    /// The parts around the current line, outermost first.
    private var open = [0]
    private var boundaries: [OpenBoundary] = []
    private var mode = Mode.header
    private var position = 0
    /// Up to where the end of the current line was searched for.
    private var searched = 0
    /// Where the line before the current one ends, without its line end.
    private var previousEnd = 0
    /// Whether lines that begin with a blank continue a field that is kept.
    private var continuesField = false

    init(limits: MessageLimits) {
        self.limits = limits
        parts = [PartRecord(fields: 0..<0, header: 0..<0, body: 0..<0)]
        // Most messages have no more.
        parts.reserveCapacity(4)
        fields.reserveCapacity(24)
    }

    /// Goes on as far as there are whole lines, or to the end.
    mutating func scan(_ bytes: UnsafeRawBufferPointer, isEnd: Bool) {
        while position < bytes.count {
            if mode == .body && boundaries.isEmpty {
                (position, previousEnd) = (bytes.count, bytes.count)
                break
            }
            if mode == .body {
                passBody(bytes)
                if position == bytes.count { break }
            }
            let end: Int
            if let found = index(of: ASCII.lf, in: bytes, from: max(position, searched)) {
                end = found + 1
            } else {
                searched = bytes.count
                guard isEnd else { return }
                end = bytes.count
            }
            let line = Line(bytes, position..<end)
            position = end
            steps += 1
            if mode == .body && !line.mayBeBoundary {
                previousEnd = line.contentEnd
                continue
            }
            take(line)
            previousEnd = line.contentEnd
        }
        if isEnd { closeAll(at: bytes.count, bytes) }
    }

    /// Passes the lines of a body up to one that may be a boundary, or whose end is not there. Hyphens are searched for
    /// rather than line ends: most lines have none.
    private mutating func passBody(_ bytes: UnsafeRawBufferPointer) {
        while position < bytes.count {
            steps += 1
            if bytes[position] == hyphen, position + 1 == bytes.count || bytes[position + 1] == hyphen { return }
            let start = max(position, searched)
            guard let found = index(of: hyphen, in: bytes, from: start) else {
                moveToLastLine(in: bytes, start..<bytes.count)
                searched = bytes.count
                return
            }
            if found > position, bytes[found - 1] == ASCII.lf {
                moveToLine(at: found, in: bytes)
            } else if let end = index(of: ASCII.lf, in: bytes, from: found) {
                moveToLine(at: end + 1, in: bytes)
            } else {
                moveToLastLine(in: bytes, start..<found)
                searched = bytes.count
                return
            }
        }
    }

    /// Moves to where the last line begins that does so behind a line end within the range.
    private mutating func moveToLastLine(in bytes: UnsafeRawBufferPointer, _ range: Range<Int>) {
        if let end = bytes[range].lastIndex(of: ASCII.lf) { moveToLine(at: end + 1, in: bytes) }
    }

    private mutating func moveToLine(at start: Int, in bytes: UnsafeRawBufferPointer) {
        position = start
        previousEnd = start > 1 && bytes[start - 2] == ASCII.cr ? start - 2 : start - 1
    }

    private func index(of byte: UInt8, in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
        guard let base = bytes.baseAddress, start < bytes.count,
            let found = memchr(base + start, Int32(byte), bytes.count - start)
        else { return nil }
        return UnsafeRawPointer(found) - base
    }

    private mutating func take(_ line: Line) {
        if line.mayBeBoundary, takeBoundary(line) { return }
        if mode == .header { takeHeaderLine(line) }
    }

    // MARK: Header

    private mutating func takeHeaderLine(_ line: Line) {
        if line.isEmpty {
            endHeader(at: line.end, line.bytes)
        } else if line.isContinuation {
            if continuesField {
                fields[fields.count - 1].value = fields[fields.count - 1].value.lowerBound..<line.end
            } else if line.start == parts[current].header.lowerBound {
                note(.continuationWithoutField, at: line.start)
            }
        } else if let name = line.fieldName {
            addField(name: name, line)
        } else if line.start == 0 && line.isEnvelopeLine {
            continuesField = false
        } else {
            note(.headerNotEnded, at: line.start)
            endHeader(at: line.start, line.bytes)
            if line.mayBeBoundary { _ = takeBoundary(line) }
        }
    }

    private mutating func addField(name: Range<Int>, _ line: Line) {
        guard fields.count < limits.fields else {
            if continuesField { note(.tooManyFields, at: line.start) }
            continuesField = false
            return
        }
        var colon = name.upperBound
        while line.bytes[colon] != ASCII.colon { colon += 1 }
        let field = FieldRecord(name: name, value: colon + 1..<line.end)
        parts[current].keepPlace(of: field, at: fields.count, in: line.bytes)
        fields.append(field)
        continuesField = true
    }

    /// - Parameter end: where the body begins.
    private mutating func endHeader(at end: Int, _ bytes: UnsafeRawBufferPointer) {
        let part = current
        settleHeader(at: end)
        mode = .body
        let composition = Composition(of: parts[part], fields: fields, in: bytes)
        switch composition {
        case .leaf: return
        case .encoded: note(.compositeEncoded, at: end)
        case .multipart(let boundary, let isDigest):
            guard !boundary.isEmpty, boundary.count <= limits.boundaryLength else { return note(.noBoundary, at: end) }
            guard open.count < limits.depth else { return note(.tooDeep, at: end) }
            parts[part].composition = .multipart
            parts[part].isDigest = isDigest
            boundaries.append(OpenBoundary(text: boundary, depth: open.count))
        case .message:
            guard open.count < limits.depth else { return note(.tooDeep, at: end) }
            guard beginPart(in: part, at: end) else { return }
            parts[part].composition = .message
        }
    }

    private mutating func settleHeader(at end: Int) {
        let part = current
        parts[part].fields = parts[part].fields.lowerBound..<fields.count
        parts[part].header = parts[part].header.lowerBound..<end
        parts[part].body = end..<end
    }

    // MARK: Parts

    private var current: Int { open[open.count - 1] }

    private mutating func beginPart(in parent: Int, at start: Int) -> Bool {
        guard parts.count < limits.parts else {
            if defects.last?.kind != .tooManyParts { note(.tooManyParts, at: start) }
            return false
        }
        var part = PartRecord(fields: fields.count..<fields.count, header: start..<start, body: start..<start)
        part.isMessageByDefault = parts[parent].isDigest
        open.append(parts.count)
        if let last = parts[parent].lastChild { parts[last].nextSibling = parts.count }
        parts[parent].firstChild = parts[parent].firstChild ?? parts.count
        parts[parent].lastChild = parts.count
        parts.append(part)
        mode = .header
        continuesField = false
        return true
    }

    /// Whether the line is a boundary of an open multipart; if so, it is taken. The innermost goes first.
    private mutating func takeBoundary(_ line: Line) -> Bool {
        for index in boundaries.indices.reversed() {
            steps += 1
            guard let kind = line.boundary(boundaries[index].text) else { continue }
            let depth = boundaries[index].depth
            // Boundaries without a line between them have no part between them either (RFC 2046 §5.1.1).
            if kind == .separator, mode == .header, open.count == depth + 1,
                parts[current].header.lowerBound == line.start
            {
                parts[current].header = line.end..<line.end
                return true
            }
            guard parts.count < limits.parts || kind == .close else {
                return beginPart(in: open[depth - 1], at: line.end)
            }
            close(downTo: depth, boundary: index + 1, at: line)
            if kind == .close {
                boundaries.removeLast()
                mode = .body
            } else {
                _ = beginPart(in: current, at: line.end)
            }
            return true
        }
        return false
    }

    /// Ends the parts below a multipart, and the boundaries of multiparts among them.
    private mutating func close(downTo depth: Int, boundary count: Int, at line: Line) {
        if mode == .header { settleHeader(at: line.start) }
        for index in boundaries.indices.dropFirst(count) {
            noteUnclosed(open[boundaries[index].depth - 1], at: line.start)
        }
        boundaries.removeLast(boundaries.count - count)
        // The line end before a boundary belongs to it, but a header keeps its own; whoever is around it reaches as far.
        var end = previousEnd
        for part in open[depth...].reversed() {
            end = max(parts[part].body.lowerBound, end)
            parts[part].body = parts[part].body.lowerBound..<end
        }
        open.removeLast(open.count - depth)
        mode = .body
    }

    private mutating func closeAll(at end: Int, _ bytes: UnsafeRawBufferPointer) {
        if mode == .header { endHeader(at: end, bytes) }
        if mode == .header { settleHeader(at: end) }
        for boundary in boundaries { noteUnclosed(open[boundary.depth - 1], at: end) }
        boundaries.removeAll()
        for part in open { parts[part].body = parts[part].body.lowerBound..<end }
    }

    private mutating func noteUnclosed(_ multipart: Int, at offset: Int) {
        let isEmpty = parts[multipart].firstChild == nil
        note(isEmpty ? .boundaryNotFound : .notClosed, at: isEmpty ? parts[multipart].body.lowerBound : offset)
    }

    private mutating func note(_ kind: MessageDefect.Kind, at offset: Int) {
        defects.append(MessageDefect(kind: kind, offset: offset))
    }
}

private let hyphen = UInt8(ascii: "-")
