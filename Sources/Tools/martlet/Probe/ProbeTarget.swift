import MailCore

/// What is probed: a domain, whose hosts DNS tells, or one host.
enum ProbeTarget: Hashable {
    case domain(Domain)
    /// A name of this network alone, which DNS does not know, such as `localhost`.
    case plainHost(String)
    case address(IPAddress)

    /// Reads `example.org`, `mail.example.org:587`, `192.0.2.1`, `[2001:db8::1]:25` or `user@example.org`.
    ///
    /// - Returns: the target, and the port if the text names one; nil where it is none of these.
    static func read(_ text: String) -> (target: ProbeTarget, port: UInt16?)? {
        if let address = IPAddress(text) { return (.address(address), nil) }
        var host = text[...]
        var port: UInt16?
        if let colon = text.lastIndex(of: ":"), text.last != "]" {
            guard let number = UInt16(text[text.index(after: colon)...]), number > 0 else { return nil }
            (host, port) = (text[..<colon], number)
        }
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        if let address = IPAddress(String(host)) { return (.address(address), port) }
        if let at = host.lastIndex(of: "@") { host = host[host.index(after: at)...] }
        guard let domain = try? Domain(String(host)) else { return nil }
        return (domain.description.contains(".") ? .domain(domain) : .plainHost(domain.description), port)
    }
}
