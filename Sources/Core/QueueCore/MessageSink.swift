public import MailCore

public import struct NIOCore.ByteBuffer

/// The one door into the queue: open, append, commit. What has been committed is on disk.
public protocol MessageSink: Sendable {
    /// Begins a message and gives it its queue ID.
    ///
    /// - Throws: `.full` where there is too little room for another message, `.stopped` where the queue takes no more.
    func open() throws(SinkError) -> any IncomingMessage
}

/// A message on its way into the queue. One owner calls it, in order; a message that is dropped leaves nothing behind.
public protocol IncomingMessage: AnyObject, Sendable {
    var queueID: QueueID { get }

    /// Takes the next piece of the body.
    ///
    /// - Parameter resume: called once, on any thread, when `.suspended` was returned and the next piece may come.
    func append(_ piece: ByteBuffer, resume: @escaping @Sendable () -> Void) -> AppendResult

    /// Reads back what came, before the message is committed; not while a piece keeps its sender waiting.
    ///
    /// - Parameter completion: called once, on any thread, with at most `count` octets from `offset` on, with none only
    ///   at the end.
    func read(
        _ count: Int, from offset: UInt64, completion: @escaping @Sendable (Result<ByteBuffer, SinkError>) -> Void)

    /// Makes the message durable and its recipients pending. No piece may follow.
    ///
    /// - Parameters:
    ///   - envelope: who it is from and for.
    ///   - prefix: the header fields that stand before the body as it came.
    ///   - origin: what the message tells of, if it is a report.
    ///   - completion: called once, on any thread; success means that the message is on disk.
    func commit(
        _ envelope: Envelope, prefix: ByteBuffer, origin: ReportOrigin?,
        completion: @escaping @Sendable (Result<Void, SinkError>) -> Void)

    /// Forgets the message.
    func discard()
}

extension IncomingMessage {
    /// Commits a message that is no report.
    public func commit(
        _ envelope: Envelope, prefix: ByteBuffer, completion: @escaping @Sendable (Result<Void, SinkError>) -> Void
    ) {
        commit(envelope, prefix: prefix, origin: nil, completion: completion)
    }
}

/// Whether the sender of a piece may go on at once.
public enum AppendResult: Equatable, Sendable {
    case ready
    /// The piece is taken; the next one may come when `resume` has been called.
    case suspended
}

/// Why the queue did not take a message. Each is temporary to the peer: the message is still its own.
public enum SinkError: Error, Equatable, Sendable {
    /// Too little room on disk.
    case full
    /// The queue takes no more messages: it is shutting down, or a sync failed and only recovery can tell what is there.
    case stopped
    /// Writing failed.
    case failed(String)
}
