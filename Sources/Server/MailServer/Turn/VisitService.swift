import Delivery
import MailCore
import NIOCore
import Reception
import SMTPClient
import SMTPCore

/// Sends what waits for peers over the connections that they have turned, and says who may turn one.
struct VisitService: TurnDesk {
    /// How long a visit goes on though nothing is tried.
    private static let patience = Duration.seconds(60)

    let visits: Visits
    let mail: WaitingMail
    let settings: ServerSettings
    let log: EventLog

    // MARK: The server's side

    func offersTurn(to identity: String) -> Bool { peer(identity, .turn) != nil }

    func mayTurn(_ request: TurnRequest, _ identity: String) async -> SMTPReply? {
        guard let peer = peer(identity, request) else {
            if case .turn = request { return .turnNotOffered }
            return .noSuchVisitor
        }
        guard let domains = peer.domains(for: request) else { return .domainsNotAllowed }
        if domains.contains(where: { visits.visit(for: $0) != nil }) { return .visitsAlready }
        // TURN says nothing of what waits: its answer is yes or no (RFC 821 §3.8).
        if case .turn = request { return nil }
        do {
            return try await mail.exists(for: domains) ? nil : .noMail
        } catch {
            return .cannotLook
        }
    }

    func take(_ channel: any Channel, _ peer: TurnedPeer) {
        let name = peer.identity
        guard let domains = self.peer(name, peer.request)?.domains(for: peer.request) else {
            return channel.close(promise: nil)
        }
        Task {
            do {
                let connection = try await SMTPConnection.take(
                    over: channel, remoteHost: peer.name, encrypted: peer.tls,
                    configuration: settings.configuration.clientConfiguration)
                let delivered = try await send(domains, over: connection)
                await connection.quit()
                log.write(visitOf: name, delivered: delivered, failure: nil)
            } catch {
                log.write(visitOf: name, delivered: 0, failure: "\(error)")
                try? await channel.close()
            }
        }
    }

    private func peer(_ identity: String, _ request: TurnRequest) -> TurnConfiguration? {
        let peer = settings.configuration.turns.first { $0.identity == identity }
        if case .turn = request { return peer?.turn == true ? peer : nil }
        return peer
    }

    // MARK: Both sides

    /// Sends what waits for `domains` over a connection, and returns when all of it has been tried.
    ///
    /// - Returns: the recipients that got their mail.
    /// - Throws: `SpoolError`, or `VisitRefusal` if another visit is for one of these domains.
    func send(_ domains: Set<Domain>, over connection: SMTPConnection) async throws -> Int {
        let visit = Visit(of: domains, connection)
        guard visits.begin(visit) else { throw VisitRefusal() }
        defer { visits.end(visit) }
        visit.expect(try await mail.release(for: domains))
        await visit.finish(patience: Self.patience)
        return visit.delivered
    }
}

/// Mail for one of the domains is being sent to somebody already.
struct VisitRefusal: Error, CustomStringConvertible {
    var description: String { "a visit for one of these domains is under way, or there are too many" }
}

extension TurnConfiguration {
    /// The domains that a request is for; nil if one of them is not the peer's.
    fileprivate func domains(for request: TurnRequest) -> Set<Domain>? {
        guard case .atrn(let named) = request, !named.isEmpty else { return Set(domains) }
        return named.allSatisfy(domains.contains) ? Set(named) : nil
    }
}

extension SMTPReply {
    private static func later(_ code: Int, _ subject: Int, _ detail: Int, _ text: String) -> SMTPReply {
        SMTPReply(code, EnhancedStatusCode(.persistentTransientFailure, subject, detail), text)
    }

    fileprivate static let turnNotOffered = SMTPReply(
        502, EnhancedStatusCode(.permanentFailure, 5, 1), "TURN is not offered here")
    fileprivate static let noSuchVisitor = later(450, 7, 1, "No mail is kept for you")
    fileprivate static let domainsNotAllowed = later(450, 7, 1, "That is not your mail")
    fileprivate static let visitsAlready = later(450, 5, 0, "It is being sent to you already")
    fileprivate static let noMail = later(453, 2, 0, "You have no mail")
    fileprivate static let cannotLook = later(451, 3, 0, "The queue cannot be read now")
}
