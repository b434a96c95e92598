package import SMTPCore

/// What the intake of the maildrop holds messages to.
package struct MaildropIntakeSettings: Sendable {
    /// Our name in Received fields.
    package var hostname: String
    package var content: ContentLimits
    /// Recipients of one message.
    package var recipients: Int

    package init(hostname: String, content: ContentLimits, recipients: Int) {
        self.hostname = hostname
        self.content = content
        self.recipients = recipients
    }
}
