import MailCore
import QueueCore
import SMTPCore

/// Refusals of one kind that follow each other, such as those of a client that sends on all commands of a transaction
/// of which the first was refused. Only the first of them is told, and then how many there were.
struct RefusalRun {
    private var reply: SMTPReply?
    private var queueID: QueueID?
    private var repetitions = 0

    /// - Parameters:
    ///   - isDecided: whether somebody was asked: then it is about what the command names, and is told.
    /// - Returns: whether the refusal is one of the run, and need not be told.
    mutating func continues(with reply: SMTPReply, _ queueID: QueueID?, isDecided: Bool) -> Bool {
        guard !isDecided, self.reply == reply, self.queueID == queueID else { return false }
        repetitions += 1
        return true
    }

    /// Begins a run with a refusal that has been told.
    mutating func begin(with reply: SMTPReply, _ queueID: QueueID?, isDecided: Bool) {
        self = RefusalRun()
        if !isDecided { (self.reply, self.queueID) = (reply, queueID) }
    }

    /// Ends the run.
    ///
    /// - Returns: what was not told; nil if nothing.
    mutating func end() -> (reply: SMTPReply, queueID: QueueID?, times: Int)? {
        guard let reply else { return nil }
        defer { self = RefusalRun() }
        return repetitions == 0 ? nil : (reply, queueID, repetitions)
    }
}
