import MailCore

/// What is changed in the header of a part.
struct HeaderChange: Hashable, Sendable {
    /// The new Content-Transfer-Encoding.
    var encoding: String?
    var addsMIMEVersion = false
    /// Whether lines are folded that are too long.
    var folds = false

    static let none = HeaderChange()

    func apply(to header: PartHeader) -> [UInt8] {
        if self == .none { return header.bytes }
        var output: [UInt8] = []
        output.reserveCapacity(header.bytes.count + 64)
        var position = 0
        var field = encoding.map { Array("Content-Transfer-Encoding: \($0)\r\n".utf8) } ?? []
        if encoding != nil {
            for old in header.fields(named: "content-transfer-encoding") {
                output += header.bytes[position..<old.name.lowerBound] + field
                field = []
                position = old.value.upperBound
            }
        }
        output += header.bytes[position..<header.bytes.count - header.endLength]
        if addsMIMEVersion { output += "MIME-Version: 1.0\r\n".utf8 }
        output += field
        if folds { output = HeaderFolding.fold(output) ?? output }
        // A message behind a header without an end begins with a line that must not become another one's end.
        if header.endLength == 0, header.kind != .message { return output + [ASCII.cr, ASCII.lf] }
        return output + header.bytes.suffix(header.endLength)
    }
}

/// Folds lines of a header that no server has to take (RFC 5322 §2.1.1, §2.2.3).
enum HeaderFolding {
    /// Nil where a line is too long and has no blank to be folded at.
    static func fold(_ header: [UInt8]) -> [UInt8]? {
        var output: [UInt8] = []
        output.reserveCapacity(header.count + 16)
        var start = 0
        while start < header.count {
            let end = header[start...].firstIndex(of: ASCII.lf).map { $0 + 1 } ?? header.count
            guard append(header[start..<end], to: &output) else { return nil }
            start = end
        }
        return output
    }

    private static func append(_ line: ArraySlice<UInt8>, to output: inout [UInt8]) -> Bool {
        var rest = line
        while rest.count > ContentSurvey.longestLine + 2 {
            // The first line of the fold must hold more than blanks, or it would be none.
            let text = rest.firstIndex { $0 != ASCII.space && $0 != ASCII.tab } ?? rest.endIndex
            let last = rest.startIndex + ContentSurvey.longestLine
            guard text < last, let fold = rest[text...last].lastIndex(where: { $0 == ASCII.space || $0 == ASCII.tab })
            else { return false }
            output += rest[..<fold] + [ASCII.cr, ASCII.lf]
            rest = rest[fold...]
        }
        output += rest
        return true
    }
}
