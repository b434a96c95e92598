import MailCore

/// The message IDs of Message-ID, In-Reply-To and References (RFC 5322 §3.6.4).
public enum MessageIDList {
    /// Each without its angle brackets, blanks and comments; words without brackets count where there are no others.
    public static func read(_ fieldValue: [UInt8]) -> [String] {
        var cursor = HeaderCursor(fieldValue)
        var bracketed: [String] = []
        var words: [String] = []
        while true {
            cursor.skipCFWS()
            guard !cursor.isAtEnd else { break }
            if cursor.take(ASCII.less) {
                let id = takeBracketed(&cursor)
                if !id.isEmpty { bracketed.append(id) }
            } else {
                let word = cursor.take { !$0.isBlankOrLineEnd && $0 != ASCII.less && $0 != UInt8(ascii: "(") }
                if !word.isEmpty { words.append(String(utf8: word)) }
            }
        }
        return bracketed.isEmpty ? words : bracketed
    }

    private static func takeBracketed(_ cursor: inout HeaderCursor) -> String {
        var id: [UInt8] = []
        while true {
            cursor.skipCFWS()
            guard let byte = cursor.take(), byte != ASCII.greater else { break }
            id.append(byte)
        }
        return String(utf8: id)
    }
}
