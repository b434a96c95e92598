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
        if let host = recipient.remoteHost, !host.isEmpty { fields.add("Remote-MTA", "dns", Self.name(host)) }
        if recipient.isRemoteReply {
            fields.add("Diagnostic-Code", "smtp", recipient.diagnostic)
        } else if recipient.action == .failed || recipient.action == .delayed, !recipient.diagnostic.isEmpty {
            fields.add("Diagnostic-Code", "x-martlet", recipient.diagnostic)
        }
        fields.add("Last-Attempt-Date", recipient.attempted.mailDate)
        if let retryUntil { fields.add("Will-Retry-Until", retryUntil.mailDate) }
    }

    /// An address stands where a name is wanted as a literal (RFC 3464 §2.1.2).
    private static func name(_ host: String) -> String {
        IPAddress(host).map { MailHost.address($0).description } ?? host
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

extension ReportedRecipient {
    /// Whether the diagnostic is a reply of the other host; else it is what this side has to say about it. Only a reply
    /// begins with a code (RFC 5321 §4.2).
    var isRemoteReply: Bool {
        guard remoteHost != nil else { return false }
        let start = Array(diagnostic.utf8.prefix(4))
        return start.count >= 3 && start[0] >= UInt8(ascii: "2") && start[0] <= UInt8(ascii: "5")
            && start[1..<3].allSatisfy { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
            && (start.count == 3 || start[3] == UInt8(ascii: " ") || start[3] == UInt8(ascii: "-"))
    }

    /// Whether it failed because there was no more time: no reply that fails it says so.
    var isGivenUp: Bool {
        action == .failed && status == EnhancedStatusCode(.permanentFailure, 4, 7) && !diagnostic.hasPrefix("5")
    }
}
