import MailCore
import Reception
import SMTPCore
import SendmailCore

/// What the maildrop is told of the configuration.
extension ServerConfiguration {
    var maildropFolder: String { "\(data)/maildrop" }

    var maildropSettings: MaildropSettings {
        MaildropSettings(
            hostname: hostname, domain: domainOfNames, messageSize: UInt64(limits.messageSize.bytes),
            recipients: limits.recipients, headerSize: limits.headerSize.bytes, headerFields: limits.headerFields,
            receivedHops: limits.receivedHops)
    }

    var maildropIntakeSettings: MaildropIntakeSettings {
        MaildropIntakeSettings(
            hostname: hostname.description,
            content: ContentLimits(
                size: UInt64(limits.messageSize.bytes), headerSize: limits.headerSize.bytes,
                headerFields: limits.headerFields, receivedHops: limits.receivedHops),
            recipients: limits.recipients)
    }

    /// Where a user without a domain is: in the one of the server's name if that is local, else in the first local one.
    private var domainOfNames: Domain {
        let local = domains.map(\.name)
        return local.contains(hostname) ? hostname : local.first ?? hostname
    }
}
