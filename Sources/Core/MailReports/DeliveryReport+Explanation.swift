import MailCore
import QueueCore

/// The part for people: what happened, to whom, in whose words, and what to do.
extension DeliveryReport {
    var explanation: String {
        let paragraphs =
            ["This is the mail system at \(host).", beginning]
            + due.recipients.map(paragraph) + [advice, ending].compactMap(\.self)
        return paragraphs.joined(separator: "\n\n") + "\n"
    }

    private var beginning: String {
        let whom = due.recipients.count == 1 ? "the following recipient" : "the following recipients"
        let what = "The message that arrived here on \(due.arrived.mailDate)"
        switch due.origin.kind {
        case .failure: return "\(what)\ncould not be delivered to \(whom):"
        case .delay: return "\(what)\ncould not be delivered yet to \(whom). You need not do anything:"
        case .success: return "\(what)\nreached \(whom), as you asked to be told:"
        }
    }

    private func paragraph(_ recipient: ReportedRecipient) -> String {
        var lines = ["    <\(recipient.recipient.address)>"]
        if let original = recipient.recipient.original,
            original.address != recipient.recipient.address.description
        {
            lines.append("    (you wrote to \(StatusText.line(original.address, limit: 500)))")
        }
        let words = StatusText.line(recipient.diagnostic)
        if recipient.action == .failed || recipient.action == .delayed {
            if recipient.isGivenUp {
                lines.append("    Given up on \(recipient.attempted.mailDate), after trying for so long.")
            }
            if recipient.isRemoteReply, let host = recipient.remoteHost {
                lines.append("    The mail system \(StatusText.line(host, limit: 255)) said:")
            } else {
                lines.append("    The reason:")
            }
            lines.append("    \(words) (\(recipient.status))")
        } else {
            lines.append("    \(Self.success(recipient))")
        }
        return lines.joined(separator: "\n")
    }

    private static func success(_ recipient: ReportedRecipient) -> String {
        switch recipient.action {
        case .relayed:
            let host = StatusText.line(recipient.remoteHost ?? "another host", limit: 255)
            return "Handed on to \(host), which will not tell you more."
        case .expanded: return "Sent on to the recipients that the address stands for."
        case .delivered, .failed, .delayed: return "Delivered."
        }
    }

    private var advice: String? {
        switch due.origin.kind {
        case .failure where due.recipients.contains { $0.status.subject == 1 }:
            "Please check the address, and send the message again if it was mistyped.\n"
                + "If the address is right, tell its owner by other means."
        case .failure:
            "No more attempts will be made. If the reason above is one that passes, send\n"
                + "the message again later; else forward this report to whoever looks after\nyour mail."
        case .delay:
            retryUntil.map {
                "More attempts will be made until \($0.mailDate).\nIf none succeeds, you will be told."
            }
        case .success: nil
        }
    }

    private var ending: String? {
        guard let returned else { return nil }
        return returned.isWhole ? "Your message is attached." : "The header of your message is attached."
    }
}
