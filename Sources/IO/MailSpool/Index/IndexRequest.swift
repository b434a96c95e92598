import MailCore
import QueueCore

/// What the index's thread is asked to do.
enum IndexRequest: Sendable {
    /// Records that have become durable, in the order of the log.
    case arrivals([LoggedRecord])
    case attempts([AttemptRecord], done: @Sendable (Result<Void, SpoolError>) -> Void)
    case claim(dueBy: Timestamp, limit: Int, answer: @Sendable (Result<[QueuedMessage], SpoolError>) -> Void)
    /// Origins that need not be known any more.
    case forget([String])
    case nextDue(answer: @Sendable (Result<Timestamp?, SpoolError>) -> Void)
    case reportsDue(after: QueueID?, limit: Int, answer: @Sendable (Result<[DueReport], SpoolError>) -> Void)
    /// A message's copy was not written, so it stays where it is.
    case notCopied(QueueID)
    /// What a person asks, behind all that was written before.
    case administer(run: @Sendable (IndexWriter) -> Void, refuse: @Sendable (SpoolError) -> Void)
    /// Answered when all requests before it are done and on disk.
    case flush(done: @Sendable (Result<Void, SpoolError>) -> Void)

    /// Says that nothing will be done.
    func refuse(_ error: SpoolError) {
        switch self {
        case .arrivals, .notCopied, .forget: break
        case .attempts(_, let done), .flush(let done): done(.failure(error))
        case .claim(_, _, let answer): answer(.failure(error))
        case .nextDue(let answer): answer(.failure(error))
        case .administer(_, let refuse): refuse(error)
        case .reportsDue(_, _, let answer): answer(.failure(error))
        }
    }
}
