import MailCore

/// How a header field's value looks on both sides of the protocol.
enum MilterField {
    /// The longest line of a field that a filter may set, in octets (RFC 5322 §2.1.1).
    static let longestLine = 998

    /// A value as filters get it: lines end in LF alone, and the first blank is left out unless the filter wants it.
    static func forFilter(_ value: [UInt8], keepsBlanks: Bool) -> [UInt8] {
        var told = value[...]
        if !keepsBlanks, told.first == ASCII.space { told = told.dropFirst() }
        return told.filter { $0 != ASCII.cr }
    }

    /// A value as a filter gave it, made safe: whatever it holds, it stays within its field. Each line of it but the first
    /// begins with a blank, and none is empty.
    static func fromFilter(_ value: [UInt8], keepsBlanks: Bool) throws(MilterFailure) -> [UInt8] {
        let lines = value.filter { $0 != 0 }.split { $0 == ASCII.cr || $0 == ASCII.lf }
        var safe: [UInt8] = []
        for (index, line) in lines.enumerated() where index == 0 || !line.allSatisfy(isBlank) {
            guard line.count < longestLine else { throw .malformed("a header line of \(line.count) octets") }
            if index > 0 { safe += [ASCII.cr, ASCII.lf] }
            let needsBlank = index > 0 ? !isBlank(line[line.startIndex]) : !keepsBlanks
            if needsBlank { safe.append(index > 0 ? ASCII.tab : ASCII.space) }
            safe += line
        }
        return safe
    }

    /// - Throws: `.malformed` for what is no name of a field (RFC 5322 §2.2).
    static func name(_ octets: [UInt8]) throws(MilterFailure) -> String {
        guard (1...100).contains(octets.count),
            octets.allSatisfy({ $0 > ASCII.space && $0 < 0x7F && $0 != ASCII.colon })
        else { throw .malformed("no name of a header field") }
        return String(decoding: octets, as: UTF8.self)
    }

    private static func isBlank(_ octet: UInt8) -> Bool { octet == ASCII.space || octet == ASCII.tab }
}
