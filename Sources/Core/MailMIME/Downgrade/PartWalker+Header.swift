import MailCore

/// The header of a part: line by line, up to an empty one.
extension PartWalker {
    mutating func takeHeader(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        let (line, rest) = split(bytes)
        header += line
        if header.count > limits.headerSize {
            giveUp()
            endHeader(endLength: 0)
        } else if line[line.count - 1] == ASCII.lf {
            takeHeaderLine()
        }
        return rest
    }

    /// What a line of a header is.
    private enum HeaderLine {
        case boundary(Match)
        case empty
        case continuation
        case field(name: Range<Int>, value: Range<Int>)
        case envelope
        case other
    }

    private func classify(_ line: Line) -> HeaderLine {
        if let match = match(line) { return .boundary(match) }
        if line.isEmpty { return .empty }
        if line.isContinuation { return .continuation }
        if let name = line.fieldName {
            var colon = name.upperBound
            while line.bytes[colon] != ASCII.colon { colon += 1 }
            return .field(name: name, value: colon + 1..<line.end)
        }
        return isFirstLine && line.isEnvelopeLine ? .envelope : .other
    }

    /// Takes the last line of `header`.
    mutating func takeHeaderLine() {
        let kind = header.withUnsafeBytes { classify(Line($0, lineStart..<$0.count)) }
        isFirstLine = false
        switch kind {
        case .boundary(let match): takeBack().withUnsafeBytes { cross(match, $0) }
        case .empty: endHeader(endLength: header.count - lineStart)
        case .continuation:
            if continuesField {
                fields[fields.count - 1].value = fields[fields.count - 1].value.lowerBound..<header.count
            }
            lineStart = header.count
        case .field(let name, let value):
            fieldCount += 1
            if fieldCount > limits.fields { isBeyondLimits = true }
            fields.append(FieldRecord(name: name, value: value))
            continuesField = true
            lineStart = header.count
        case .envelope:
            continuesField = false
            lineStart = header.count
        case .other: endHeaderBeforeLine()
        }
    }

    /// The line is no part of a header that was not ended: it is the first of what follows.
    private mutating func endHeaderBeforeLine() {
        let line = takeBack()
        endHeader(endLength: 0)
        if mode == .header {
            header = line
            lineStart = line.count
        } else {
            line.withUnsafeBytes { takeLine($0) }
        }
    }

    private mutating func takeBack() -> [UInt8] {
        defer { header.removeLast(header.count - lineStart) }
        return Array(header[lineStart...])
    }

    /// - Parameter endLength: octets of the empty line.
    mutating func endHeader(endLength: Int) {
        let kind = isBeyondLimits ? PartHeader.Kind.leaf : composition()
        visitHeader(kind, endLength: endLength)
        if kind == .message {
            beginPart(OpenPart(isMessage: true))
        } else {
            beginText(isBody: kind == .leaf)
        }
    }

    private mutating func composition() -> PartHeader.Kind {
        var record = PartRecord(fields: fields.indices, header: 0..<0, body: 0..<0)
        record.isMessageByDefault = open[open.count - 1].isMessageByDefault
        let composition = header.withUnsafeBytes { header in
            for (index, field) in fields.enumerated() { record.keepPlace(of: field, at: index, in: header) }
            return Composition(of: record, fields: fields, in: header)
        }
        switch composition {
        case .leaf, .encoded: return .leaf
        case .multipart(let boundary, let isDigest):
            guard !boundary.isEmpty, boundary.count <= limits.boundaryLength, mayGoDeeper() else { return .leaf }
            open[open.count - 1].boundary = boundary
            open[open.count - 1].isDigest = isDigest
            boundaryCount += 1
            return .multipart
        case .message: return !isGlobal && mayGoDeeper() ? .message : .leaf
        }
    }

    /// Whether the part is a message that may hold UTF-8 in its header: such a one may have an encoding of its own
    /// (RFC 6532 §3.7), and needs it where that cannot travel.
    private var isGlobal: Bool { partHeader(.message, endLength: 0).mediaType == "message/global" }

    private mutating func mayGoDeeper() -> Bool {
        if open.count < limits.depth { return true }
        isBeyondLimits = true
        return false
    }

    private func partHeader(_ kind: PartHeader.Kind, endLength: Int) -> PartHeader {
        let part = open[open.count - 1]
        return PartHeader(
            bytes: header, fields: fields, kind: kind, depth: open.count - 1, isMessageHeader: part.isMessage,
            isMessageByDefault: part.isMessageByDefault, endLength: endLength)
    }

    mutating func visitHeader(_ kind: PartHeader.Kind, endLength: Int) {
        visitor.visit(partHeader(kind, endLength: endLength))
        header = []
        fields = []
    }
}

extension MessageLimits {
    /// Octets of one header, or of a line that may be a boundary, that a walk keeps.
    var headerSize: Int { 1 << 20 }
}
