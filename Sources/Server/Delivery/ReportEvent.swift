public import MailCore
public import QueueCore

/// What became of reports that were due, for the log.
public enum ReportEvent: Sendable {
    /// A report entered the queue under `id`.
    case entered(QueueID, about: ReportOrigin, to: EmailAddress)
    /// The queue does not take it now; it stays due.
    case notStored(about: ReportOrigin, SinkError)
    /// Many reports go to one place; this one waits.
    case slowed(about: ReportOrigin, to: EmailAddress)
}
