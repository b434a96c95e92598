import MailCore
import QueueCore

/// The part for programs (RFC 3464 §2.2, §2.3).
extension DeliveryReport {
    var statusFields: [UInt8] {
        var fields = StatusFields(isInternational: isInternational)
        fields.add("Reporting-MTA", "dns", host.description)
        if let id = due.options.envelopeID, !id.isEmpty { fields.add("Original-Envelope-Id", id) }
        fields.add("Arrival-Date", due.arrived.mailDate)
        for recipient in due.recipients {
            fields.endGroup()
            add(recipient, to: &fields)
        }
        return fields.bytes
    }

    private func add(_ recipient: ReportedRecipient, to fields: inout StatusFields) {
        if let original = recipient.recipient.original {
            fields.add("Original-Recipient", Self.addressType(original.addressType), original.address)
        }
        let address = recipient.recipient.address
        if address.isASCII {
            fields.add("Final-Recipient", "rfc822", address.description)
        } else {
            fields.add(
                "Final-Recipient", "utf-8",
                isInternational ? address.description : StatusText.xtext(address.description))
        }
        fields.add("Action", recipient.action.name)
        fields.add("Status", status(recipient).description)
        if let host = recipient.remoteHost, !host.isEmpty { fields.add("Remote-MTA", "dns", host) }
        if !recipient.diagnostic.isEmpty {
            let type = recipient.remoteHost == nil ? "x-martlet" : "smtp"
            fields.add("Diagnostic-Code", type, recipient.diagnostic)
        }
        fields.add("Last-Attempt-Date", recipient.attempted.mailDate)
        if let retryUntil { fields.add("Will-Retry-Until", retryUntil.mailDate) }
    }

    /// The class of a status says the same as the action (RFC 3464 §2.3.4).
    private func status(_ recipient: ReportedRecipient) -> EnhancedStatusCode {
        let wanted: EnhancedStatusCode.Class =
            switch recipient.action {
            case .failed: .permanentFailure
            case .delayed: .persistentTransientFailure
            case .delivered, .relayed, .expanded: .success
            }
        return recipient.status.class == wanted
            ? recipient.status : EnhancedStatusCode(wanted, recipient.status.subject, recipient.status.detail)
    }

    /// The name of an address's form: an atom, or `unknown` for what is none.
    private static func addressType(_ text: String) -> String {
        !text.isEmpty && text.utf8.allSatisfy { $0.isASCIILetterOrDigit || $0 == UInt8(ascii: "-") } ? text : "unknown"
    }
}
