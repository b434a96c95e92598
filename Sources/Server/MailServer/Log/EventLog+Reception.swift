import Delivery
import Logging
import MailCore
import PolicyService
import QueueCore
import Reception
import SMTPCore
import SMTPServer

extension EventLog {
    /// Characters of a user's name that somebody made up.
    private static let longestName = 256

    /// One line for each decision at reception.
    func write(_ event: ReceptionEvent) {
        var fields: [LogEvent.Field] = [
            ("sid", .text(event.session.description)), ("listener", .text(event.peer.listener)),
            ("ip", .text(event.peer.address?.description ?? "local")),
        ]
        if let user = event.user { fields.append(("user", .text(user))) }
        switch event.kind {
        case .authenticated: write("authenticated", .info, fields)
        case .connected: write("connected", .debug, fields)
        case .encrypted(let session):
            write("encrypted", .debug, fields + session.logFields)
        case .tlsFailed(let reason):
            write("tls-failed", .notice, fields + [("text", .text(reason))])
        case .refused(let reply, let command, let id):
            if let id { fields.append(("qid", .text(id.description))) }
            if let command { fields.append(("command", .text(command))) }
            if let tried = event.triedUser { fields.append(("tried", .text(String(tried.prefix(Self.longestName))))) }
            fields += [("code", .number(Int64(reply.code))), ("reply", .text(reply.description))]
            write("refused", .info, fields)
        case .refusedAgain(let reply, let id, let times):
            if let id { fields.append(("qid", .text(id.description))) }
            fields += [("code", .number(Int64(reply.code))), ("times", .number(Int64(times)))]
            write("refused-again", .info, fields)
        case .accepted(let id, let reversePath, let recipients, let octets, let tls):
            fields += [
                ("qid", .text(id.description)), ("from", .text(reversePath.description)),
                ("recipients", .number(Int64(recipients))), ("size", .number(Int64(octets))),
            ]
            if let tls { fields.append(("tls", .text(tls.description))) }
            write("accepted", .info, fields)
        case .filtered(let id, let filter, let text):
            if let id { fields.append(("qid", .text(id.description))) }
            write("filtered", .info, fields + [("filter", .text(filter)), ("text", .text(text))])
        case .filterFailed(let id, let filter, let failure, let absence):
            if let id { fields.append(("qid", .text(id.description))) }
            fields += [("filter", .text(filter)), ("default", .text(absence.rawValue))]
            write("filter-failed", .warning, fields + [("text", .text("\(failure)"))])
        case .notStored(let id, let error):
            write("not-stored", .error, fields + [("qid", .text(id.description)), ("text", .text("\(error)"))])
        case .shown(let reversePath, let readers, let missed):
            fields += [
                ("from", .text(reversePath.description)), ("readers", .number(Int64(readers))),
                ("missed", .number(Int64(missed))),
            ]
            write("shown", .info, fields)
        case .turned(let request, let identity):
            if event.user == nil { fields.append(("user", .text(identity))) }
            write("turned", .notice, fields + [("command", .text(request.description))])
        case .disconnected(let messages):
            write("disconnected", .debug, fields + [("messages", .number(Int64(messages)))])
        }
    }

    /// One line for each whom a listener for proxies cuts off.
    func write(_ refusal: ProxyRefusal, of peer: SMTPPeer) {
        write(
            "proxy-refused", .notice,
            [
                ("listener", .text(peer.listener)), ("ip", .text(peer.address?.description ?? "local")),
                ("text", .text(refusal.description)),
            ])
    }

    /// One line each time a policy program decides nothing.
    func write(_ failure: PolicyFailure, of program: PolicyAddress) {
        write(
            "policy-failed", .warning, [("program", .text(program.description)), ("text", .text(failure.description))])
    }

    /// One line for each outcome.
    func write(_ event: DeliveryEvent) {
        let (name, level) = event.outcome.logName
        var fields: [LogEvent.Field] = [
            ("qid", .text(event.id.description)), ("to", .text("<\(event.recipient)>")),
            ("dsn", .text(event.outcome.status.description)), ("attempt", .number(Int64(event.attempt))),
            ("delay", .text(event.delay.inSeconds)),
        ]
        if let retryAt = event.retryAt { fields.append(("retry", .text(retryAt.description))) }
        if let host = event.outcome.remoteHost { fields.append(("host", .text(host))) }
        if let mailbox = event.mailbox { fields.append(("mailbox", .text(mailbox))) }
        write(name, level, fields + [("text", .text(event.outcome.diagnostic))])
    }

    /// One line when a destination begins to rest, and one when it answers again.
    func write(_ change: DestinationChange) {
        switch change {
        case .rests(let destination, let rest):
            write(
                "destination-rests", .warning,
                [
                    ("destination", .text(destination.description)), ("until", .text(rest.until.description)),
                    ("dsn", .text(rest.error.status.description)), ("text", .text(rest.error.diagnostic)),
                ])
        case .answers(let destination):
            write("destination-answers", .notice, [("destination", .text(destination.description))])
        }
    }

    /// One line for each report.
    func write(_ event: ReportEvent) {
        switch event {
        case .entered(let id, let origin, let mailbox):
            write(
                "reported", .info, [("qid", .text(id.description)), ("to", .text("<\(mailbox)>"))] + origin.logFields)
        case .notStored(let origin, let error):
            write("report-not-stored", .error, origin.logFields + [("text", .text("\(error)"))])
        case .slowed(let origin, let mailbox):
            write("report-slowed", .notice, [("to", .text("<\(mailbox)>"))] + origin.logFields)
        }
    }

    private func write(_ name: String, _ level: Logger.Level, _ fields: [LogEvent.Field]) {
        if writes(level) { write(LogEvent(name, level, at: SystemClock.now(), fields)) }
    }
}

extension TLSSession {
    fileprivate var logFields: [LogEvent.Field] {
        [("tls", .text(description))]
    }
}

extension ReportOrigin {
    fileprivate var logFields: [LogEvent.Field] {
        [
            ("about", .text(message.description)), ("kind", .text("\(kind)")),
            ("recipients", .number(Int64(recipients.count))),
        ]
    }
}

extension Outcome {
    fileprivate var logName: (String, Logger.Level) {
        switch action {
        case .delivered: ("delivered", .info)
        case .expanded: ("expanded", .info)
        case .deferred: ("deferred", .warning)
        case .failed: ("failed", .warning)
        case .held: ("held", status.class == .success ? .info : .warning)
        }
    }
}

extension Duration {
    /// With milliseconds: `0.012`.
    fileprivate var inSeconds: String {
        let milliseconds = max(0, components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000)
        let fraction = String(milliseconds % 1_000)
        return "\(milliseconds / 1_000)." + String(repeating: "0", count: 3 - fraction.count) + fraction
    }
}
