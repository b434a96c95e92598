/// Where a policy program listens.
public enum PolicyAddress: Hashable, Sendable {
    case tcp(host: String, port: Int)
    case unix(path: String)
}
