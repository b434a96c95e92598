import MailCore

/// The queue as people and monitors read it: a few lines a message, and the last line as other mail systems write it.
package enum QueueListing {
    /// - Parameter all: also recipients for whom nothing is left to do.
    static func lines(of record: QueueRecord, all: Bool = false) -> String {
        let shown = record.recipients.filter { all || isOpen($0) || $0.reportDue != nil }
        let head = "\(record.queueID)  \(time(record.arrivalTime))  \(record.messageSize)  <\(safe(record.sender))>"
        return ([head] + shown.map { "    \($0.state)  <\(safe($0.address))>\(notes($0))" }).joined(separator: "\n")
    }

    package static func lines(of hit: QueueHitRecord) -> String {
        let recipients = hit.recipients.map { recipient in
            let holder = recipient.heldBy.map { "  held again by \($0)" } ?? ""
            return "    <\(safe(recipient.address))>\(recipient.inFlight ? "  passed over" : holder)"
        }
        return (["\(hit.queueID)  <\(safe(hit.sender))>"] + recipients).joined(separator: "\n")
    }

    package static func details(of record: QueueRecord) -> String {
        var lines = [
            "Queue ID:   \(record.queueID)", "Arrived:    \(time(record.arrivalTime))",
            "Size:       \(record.messageSize) octets", "From:       <\(safe(record.sender))>",
            "Body:       \(record.body)\(record.smtputf8 ? ", SMTPUTF8" : "")",
        ]
        if let id = record.envelopeID { lines.append("ENVID:      \(safe(id))") }
        if let returns = record.returns { lines.append("RET:        \(returns)") }
        lines.append("Recipients:")
        for recipient in record.recipients {
            let next = recipient.nextAttempt.map { ", next \($0)" } ?? ""
            let attempts = "\(recipient.attempts) attempt\(recipient.attempts == 1 ? "" : "s")"
            lines.append(
                "    <\(safe(recipient.address))>  \(recipient.state), \(attempts)\(next)\(notes(recipient))")
            if let hop = recipient.nextHop { lines.append("        Next hop: \(safe(hop))") }
            if let host = recipient.remoteHost {
                lines.append("        Last host: \(safe(host))\(recipient.lastAttempt.map { ", \($0)" } ?? "")")
            }
            if let notify = recipient.notify { lines.append("        NOTIFY: \(notify)") }
            if let original = recipient.originalRecipient { lines.append("        ORCPT: \(safe(original))") }
        }
        return lines.joined(separator: "\n")
    }

    package static func line(of finding: CheckFinding) -> String {
        let message = finding.queueID.map { "\($0): " } ?? ""
        return ([message + safe(finding.text)] + finding.setAside.map { "    \(safe($0))" }).joined(separator: "\n")
    }

    package static func line(of summary: CheckSummary) -> String {
        "\(summary.messages) message\(summary.messages == 1 ? "" : "s") of \(summary.octets) octets sound, "
            + (summary.findings == 0 ? "nothing wrong" : "\(summary.findings) found wrong")
    }

    /// The last line, from which monitoring reads the size of the queue.
    ///
    /// - Parameter isFiltered: whether other messages may wait.
    package static func summary(messages: Int, octets: UInt64, isFiltered: Bool = false) -> String {
        messages == 0
            ? isFiltered ? "No message fits." : "Mail queue is empty"
            : "-- \((octets + 1_023) / 1_024) Kbytes in \(messages) Requests."
    }

    private static func isOpen(_ recipient: QueueRecord.Recipient) -> Bool {
        recipient.state == "pending" || recipient.state == "held"
    }

    /// What is to be known besides the state: the route that was chosen, what is still to be told, the last outcome.
    private static func notes(_ recipient: QueueRecord.Recipient) -> String {
        let route = recipient.route.map { ", via \(safe($0))" } ?? ""
        let report = recipient.reportDue.map { isOpen(recipient) ? ", report due: \($0)" : ", report due" } ?? ""
        return route + report + reason(recipient)
    }

    private static func reason(_ recipient: QueueRecord.Recipient) -> String {
        guard let reason = recipient.diagnostic else { return "" }
        return "  (\(recipient.status.map { "\($0) " } ?? "")\(safe(reason)))"
    }

    private static func time(_ seconds: Int64) -> String {
        Timestamp(microseconds: seconds * 1_000_000).description.prefix(19) + "Z"
    }

    /// What peers wrote must not command the terminal.
    private static func safe(_ text: String) -> String { text.escapingControls }
}
