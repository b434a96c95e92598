/// A status of RFC 3463, `class.subject.detail`, as replies (RFC 2034) and delivery reports (RFC 3464) bear it.
public struct EnhancedStatusCode: Hashable, Sendable, CustomStringConvertible {
    public enum Class: Int, Sendable {
        case success = 2
        case persistentTransientFailure = 4
        case permanentFailure = 5
    }

    public let `class`: Class
    /// From 0 to 999.
    public let subject: Int
    /// From 0 to 999.
    public let detail: Int

    public init(_ class: Class, _ subject: Int, _ detail: Int) {
        self.class = `class`
        self.subject = subject
        self.detail = detail
    }

    /// Reads `5.1.1`; nil for anything that is no status code.
    public init?(_ text: some StringProtocol) {
        var octets = text.utf8.makeIterator()
        func number(until end: UInt8?) -> Int? {
            var (value, digits) = (0, 0)
            while let octet = octets.next() {
                if octet == end { return digits > 0 ? value : nil }
                guard octet.isASCIIDigit, digits < 3 else { return nil }
                value = value * 10 + Int(octet - UInt8(ascii: "0"))
                digits += 1
            }
            return end == nil && digits > 0 ? value : nil
        }
        let dot = UInt8(ascii: ".")
        guard let first = text.utf8.first, first != UInt8(ascii: "0"),
            let `class` = number(until: dot).flatMap(Class.init),
            let subject = number(until: dot), let detail = number(until: nil)
        else { return nil }
        self.init(`class`, subject, detail)
    }

    public var description: String { "\(`class`.rawValue).\(subject).\(detail)" }
}
