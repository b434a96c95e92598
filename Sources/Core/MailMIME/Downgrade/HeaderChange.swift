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
