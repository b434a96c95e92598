/// A message as it is shown on a terminal, by SEND, SOML and SAML (RFC 821 §3.4): a few harmless lines.
public struct TerminalMessage: Hashable, Sendable {
    /// The octets of content that are looked at; what follows is left out.
    public static let contentLimit = 4_096
    /// The most lines of content.
    static let lineLimit = 60
    /// The most characters of a line.
    static let lineLength = 200

    public let sender: ReversePath
    /// The server that shows it.
    public let host: String
    /// When it came, as people read it.
    public let date: String
    private let content: [UInt8]

    /// - Parameter content: the message as it came; no more than `contentLimit` octets of it are kept.
    public init(from sender: ReversePath, at host: String, date: String, content: some Sequence<UInt8>) {
        self.sender = sender
        self.host = host
        self.date = date
        self.content = Array(content.prefix(Self.contentLimit))
    }

    /// The lines without their ends. Nothing in them commands a terminal: control characters, the separators of lines and
    /// the marks of direction are written out as `\u{…}`, and what is no UTF-8 becomes U+FFFD.
    public var lines: [String] {
        let ends = content.split(separator: ASCII.lf, omittingEmptySubsequences: false)
        var lines = ends.prefix(Self.lineLimit).map { Self.harmless($0.last == ASCII.cr ? $0.dropLast() : $0) }
        while lines.last?.isEmpty == true { lines.removeLast() }
        if ends.count > Self.lineLimit || content.count == Self.contentLimit { lines.append("[more was sent]") }
        return [Self.harmless(Array("Message from \(sender) at \(host), \(date)".utf8)[...])] + lines + ["[end]"]
    }

    private static func harmless(_ line: ArraySlice<UInt8>) -> String {
        let text = String(utf8: line.map { $0 == ASCII.tab ? ASCII.space : $0 })
        return String(text.prefix(lineLength)).escapingControls
    }
}
