/// Why a policy program decides nothing.
public enum PolicyFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// No connection could be made, for this reason.
    case unreachable(String)
    /// It did not answer in time, or hung up before.
    case silent
    /// What it said is no answer.
    case unreadable
    /// It answered over HTTP with another status than 200.
    case status(Int)
    /// The action that it wants is not known here.
    case unknown(action: String)

    public var description: String {
        switch self {
        case .unreachable(let reason): "it cannot be reached: \(reason)"
        case .silent: "it did not answer"
        case .unreadable: "its answer cannot be read"
        case .status(let status): "it answered with the HTTP status \(status)"
        case .unknown(let action): "its action \(action) is not known here"
        }
    }
}
