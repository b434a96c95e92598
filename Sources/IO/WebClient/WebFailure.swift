/// Why a Web server has not answered a question.
public enum WebFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// No connection could be made, or none that is safe, for this reason.
    case unreachable(String)
    /// It did not answer in time, or hung up before.
    case silent
    /// What it said is no HTTP, or longer than an answer may be.
    case unreadable
    /// It answered with another status than 200. It is not followed to another place.
    case status(Int)

    public var description: String {
        switch self {
        case .unreachable(let reason): "it cannot be reached: \(reason)"
        case .silent: "it did not answer"
        case .unreadable: "its answer cannot be read"
        case .status(let status): "it answered with the HTTP status \(status)"
        }
    }
}
