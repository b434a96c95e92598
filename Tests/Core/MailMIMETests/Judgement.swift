import MailMIME
import Testing

/// Composes, checks what holds for every message on the wire, and lets Python read it without finding a defect.
func readBack(
    _ message: MailMessage, isSevenBit: Bool = true, sourceLocation: SourceLocation = #_sourceLocation
) throws -> ParsedMessage {
    expectFitForTheWire(message.bytes, isSevenBit: isSevenBit, sourceLocation: sourceLocation)
    let parsed = try Python.parse(message.bytes)
    #expect(parsed.defects.isEmpty, sourceLocation: sourceLocation)
    return parsed
}

/// Lines that end with CRLF, none without, none too long, and seven bits.
func expectFitForTheWire(
    _ bytes: [UInt8], longestLine: Int = 78, isSevenBit: Bool = true, sourceLocation: SourceLocation
) {
    let lines = String(decoding: bytes, as: UTF8.self).components(separatedBy: "\r\n")
    #expect(lines.allSatisfy { $0.utf8.count <= longestLine }, sourceLocation: sourceLocation)
    #expect(!lines.contains { $0.utf8.contains(0x0D) || $0.utf8.contains(0x0A) }, sourceLocation: sourceLocation)
    #expect(lines.last == "", sourceLocation: sourceLocation)
    if isSevenBit { #expect(bytes.allSatisfy { $0 < 0x80 && $0 != 0 }, sourceLocation: sourceLocation) }
}
