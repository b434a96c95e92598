/// Why a filter is of no more use in this session.
public enum MilterFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// It cannot be reached, or has gone.
    case unreachable(String)
    /// It did not answer in time.
    case late
    /// It said something that the protocol does not know, or at the wrong time.
    case malformed(String)
    /// It said more than is listened to.
    case tooMuch(String)

    public var description: String {
        switch self {
        case .unreachable(let reason): "it cannot be reached: \(reason)"
        case .late: "it did not answer in time"
        case .malformed(let what): "it broke the protocol: \(what)"
        case .tooMuch(let what): "it said too much: \(what)"
        }
    }
}
