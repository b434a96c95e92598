/// Base64 in lines for octets that come in pieces of any size.
struct Base64LineEncoder {
    /// Less than a line.
    private var rest: [UInt8] = []

    /// The lines that these octets complete.
    mutating func encode(_ bytes: [UInt8]) -> [UInt8] {
        let whole = (rest.count + bytes.count) / Base64.octetsPerLine * Base64.octetsPerLine
        guard whole > 0 else {
            rest += bytes
            return []
        }
        let taken = whole - rest.count
        defer { rest = Array(bytes[taken...]) }
        return Base64.encodeLines(rest + bytes[..<taken])
    }

    /// The last line, where there is one.
    mutating func finish() -> [UInt8] {
        defer { rest = [] }
        return Base64.encodeLines(rest)
    }
}
