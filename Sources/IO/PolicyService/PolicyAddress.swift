public import WebCore

/// Where a policy program listens.
public enum PolicyAddress: Hashable, Sendable, CustomStringConvertible {
    case tcp(host: String, port: Int)
    case unix(path: String)
    /// It is asked over HTTP.
    case web(WebAddress)

    /// `unix:/path`, `host:port`, `[IPv6]:port`, or an address of the Web.
    public var description: String {
        switch self {
        case .unix(let path): "unix:\(path)"
        case .web(let address): address.description
        case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        }
    }
}
