import Logging
import SMTPClient
import SMTPCore

extension EventLog {
    /// One line for each connection to another server.
    func write(_ connection: SMTPConnection, to endpoint: SMTPEndpoint) {
        let level: Logger.Level = connection.tlsFailure == nil ? .info : .notice
        guard writes(level) else { return }
        var fields: [LogEvent.Field] = [("server", .text(endpoint.url.description))]
        if let name = endpoint.remoteHost { fields.append(("host", .text(name))) }
        fields.append(("tls", .text(connection.tls?.description ?? "none")))
        if let peer = connection.tls?.peer {
            fields += [
                ("certificate", .text("sha256:\(peer.fingerprint)")),
                ("names", .text(peer.names.joined(separator: " "))),
                ("verified", .text(peer.isVerified ? "yes" : "no")),
            ]
        }
        if let failure = connection.tlsFailure { fields.append(("text", .text(failure.description))) }
        write(LogEvent("relay-session", level, at: SystemClock.now(), fields))
    }
}
