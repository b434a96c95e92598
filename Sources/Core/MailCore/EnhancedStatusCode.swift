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
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].utf8.count == 1,
            parts.allSatisfy({ (1...3).contains($0.utf8.count) && $0.utf8.allSatisfy(\.isASCIIDigit) }),
            let `class` = Int(parts[0]).flatMap(Class.init), let subject = Int(parts[1]), let detail = Int(parts[2])
        else { return nil }
        self.init(`class`, subject, detail)
    }

    public var description: String { "\(`class`.rawValue).\(subject).\(detail)" }
}
