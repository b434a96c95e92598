/// Which origins of envelopes have been taken in, for whoever hands messages in from a store of its own. A message and
/// its origin become durable together, so a crash between the two stores is seen at the next start: what is there in
/// both was taken in.
public protocol OriginLedger: Sendable {
    /// The origins of messages that were taken in and are not forgotten yet.
    func takenOrigins() async throws -> [String]

    /// Lets origins go whose messages are gone, durably, from where they came.
    func forget(_ origins: [String])
}
