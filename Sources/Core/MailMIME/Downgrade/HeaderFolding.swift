import MailCore

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
        let endLength = line.suffix(2).count { $0 == ASCII.cr || $0 == ASCII.lf }
        while rest.count > ContentSurvey.longestLine + endLength {
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
