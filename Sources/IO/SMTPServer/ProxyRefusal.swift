/// Why a listener behind a proxy has cut somebody off without a word.
public enum ProxyRefusal: String, Error, Hashable, Sendable, CustomStringConvertible {
    case notAProxy = "it is none of the proxies"
    case noHeader = "it sent no PROXY header"
    case badHeader = "its PROXY header cannot be read"

    public var description: String { rawValue }
}
