/// What earlier exchanges say of the place that somebody wants to log in from.
enum PeerStanding: Hashable, Sendable {
    /// A user has logged in from there.
    case familiar
    case stranger
    /// Somebody has just failed at or near it.
    case suspect
}
