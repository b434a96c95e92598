/// Where a filter listens.
public enum MilterAddress: Hashable, Sendable {
    case tcp(host: String, port: Int)
    case unix(path: String)
}
