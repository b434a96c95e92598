import Logging
import MailCore
import SMTPServer

extension EventLog {
    /// One line for each certificate: for whom it is, and how long it is good.
    func write(_ context: TLSServerContext) {
        let now = SystemClock.now()
        for credentials in context.credentials {
            let expires = Timestamp(microseconds: Int64(credentials.expires) * 1_000_000)
            var fields: [LogEvent.Field] = [
                ("names", .text(credentials.names.joined(separator: " "))), ("expires", .text(expires.description)),
            ]
            let level: Logger.Level = expires <= now ? .error : expires <= now + Self.warningTime ? .warning : .info
            if level == .error { fields.append(("text", .text("the certificate has expired; clients refuse it"))) }
            write(LogEvent("certificate", level, at: now, fields))
        }
    }

    /// How long before its end a certificate should have been renewed.
    private static let warningTime = Duration.seconds(14 * 86_400)
}
