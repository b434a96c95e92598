import MailCore
import NIOCore
import QueueCore
import SMTPClient
import SMTPCore
import SMTPServer

/// Fetches mail from servers that keep it for this one: as their client first, and then as their server on the same
/// connection.
struct TurnCaller: Sendable {
    let visits: VisitService
    /// Serves the sessions whose roles have changed.
    let listener: SMTPListener
    let settings: ServerSettings
    let group: any EventLoopGroup

    /// Gives what is said and done to `give`, until the connection is closed.
    func carryOut(_ order: TurnOrder, _ give: (ControlAnswer) async throws -> Void) async throws {
        do {
            let requests = try order.requests()
            let (outgoing, url) = (try TurnOrder.domains(order.send), try SMTPURL(order.server))
            let connection = try await connect(order, to: url)
            if !outgoing.isEmpty {
                let sent = try await visits.send(Set(outgoing), over: connection)
                try await give(.said("\(sent) recipient\(sent == 1 ? "" : "s") got their mail there"))
            }
            for request in requests {
                guard try await say(request, over: connection, give) else { continue }
                return try await give(.said("The session is over"))
            }
            await connection.quit()
        } catch let error as SMTPError {
            let failure: ServerFailure =
                error.concernsTLS ? .encryption : error.isTransient ? .temporary : .permanent
            try await give(.unserved("\(error)\(error.hint.map { " (\($0))" } ?? "")", failure))
        } catch {
            try await give(.failure("\(error)"))
        }
    }

    /// What the order leaves open is as with a route to the same place.
    private func connect(_ order: TurnOrder, to url: SMTPURL) async throws -> SMTPConnection {
        let configuration = settings.configuration
        let place = Destination(url)
        let routed = place.map(configuration.tlsPolicy) ?? .may
        let login = order.login.map { SMTPCredentials.password(user: $0.user, password: $0.password) }
        do {
            return try await SMTPConnection.connect(
                to: url, tls: order.policy ?? routed, credentials: login ?? place.flatMap(configuration.credentials),
                configuration: configuration.clientConfiguration, on: group)
        } catch let error as SMTPError where error.concernsTLS {
            throw error.naming(url.endpoint)
        }
    }

    /// - Returns: whether the roles changed; then the session is over.
    private func say(
        _ request: MailRequest, over connection: SMTPConnection, _ give: (ControlAnswer) async throws -> Void
    ) async throws -> Bool {
        switch request {
        case .start(let queue):
            try await give(answer(request, try await connection.start(queue)))
            return false
        case .turn(let turn):
            let (channel, reply) = try await connection.turn(turn)
            try await give(answer(request, reply))
            guard let channel else { return false }
            try await listener.serve(channel, encrypted: connection.tls)
            try await channel.closeFuture.get()
            return true
        }
    }

    /// That nothing waits is no failure.
    private func answer(_ request: MailRequest, _ reply: SMTPReply) -> ControlAnswer {
        let text = "\(request): \(reply)"
        if reply.isPositive || reply.code == 453 { return .said(text) }
        return .unserved(text, reply.severity == .permanentNegative ? .permanent : .temporary)
    }
}

extension Destination {
    /// The place of a URL as a route names it; nil for one that no route can name.
    fileprivate init?(_ url: SMTPURL) {
        let scheme = url.isLMTP ? "lmtp" : url.isImplicitTLS ? "smtps" : "smtp"
        guard case .next(let destination)? = try? RouteAction("\(scheme)://\(url.endpoint)") else { return nil }
        self = destination
    }
}
