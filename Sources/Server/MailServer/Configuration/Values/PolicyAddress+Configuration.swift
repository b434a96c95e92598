package import PolicyService

extension PolicyAddress: ConfigurationValue {
    package static var typeName: String { "place of a policy program" }

    package init(_ node: TOMLNode) throws(ValueRefusal) {
        let text = try Self.text(of: node)
        let refusal = ValueRefusal("must be \"unix:/path\" or \"host:port\", not \(TOMLText.string(text))")
        if text.hasPrefix("unix:/") {
            self = .unix(path: String(text.dropFirst("unix:".count)))
            return
        }
        guard let colon = text.lastIndex(of: ":"), colon > text.startIndex,
            let port = UInt16(text[text.index(after: colon)...]), port > 0
        else { throw refusal }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        guard !host.isEmpty, !host.hasPrefix("unix") else { throw refusal }
        self = .tcp(host: String(host), port: Int(port))
    }

    package var toml: String? {
        switch self {
        case .unix(let path): TOMLText.string("unix:\(path)")
        case .tcp(let host, let port): TOMLText.string(host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)")
        }
    }
}
