import MailCore
import QueueCore
import SMTPClient

/// Finds the servers behind a destination.
struct EndpointFinder: Sendable {
    enum Finding {
        /// In the order in which they are to be tried.
        case endpoints([SMTPEndpoint])
        /// There is nobody to ask; this is what that means.
        case decided(Outcome, AgentReport.Condition)
    }

    /// Addresses that are tried in one attempt, however many DNS names.
    private static let mostAddresses = 10

    let lookup: any MailHostLookup

    func find(_ destination: Destination) async -> Finding {
        switch destination {
        case .mx(let domain, let port):
            return finding(await lookup.hosts(for: domain), port: port, .smtp, for: "\(domain)")
        case .host(let name, let port, let transfer):
            if IPAddress(name) != nil {
                return .endpoints([SMTPEndpoint(SMTPURL(.host(name, port: port), transfer))])
            }
            return finding(await lookup.addresses(of: name), port: port, transfer, for: name)
        case .socket(let path, let transfer):
            return .endpoints([SMTPEndpoint(SMTPURL(.unix(path), transfer))])
        case .program: preconditionFailure("a program is no server")
        }
    }

    private func finding(
        _ answer: MailHostAnswer, port: Int, _ transfer: Destination.Transfer, for name: String
    ) -> Finding {
        switch answer {
        case .hosts(let hosts):
            let endpoints = hosts.flatMap { host in
                host.addresses.map { address in
                    let url = SMTPURL(.host("\(address)", port: port), transfer)
                    return SMTPEndpoint(url, remoteHost: host.name)
                }
            }
            return endpoints.isEmpty
                ? later("\(name): no host has an address") : .endpoints(Array(endpoints.prefix(Self.mostAddresses)))
        case .nullMX: return failed(1, 10, "\(name) takes no mail: it has a null MX")
        case .none(let text): return failed(1, 2, text)
        case .ourselves: return failed(4, 6, "\(name) leads back to this host")
        case .later(let text): return later(text)
        }
    }

    private func failed(_ subject: Int, _ detail: Int, _ text: String) -> Finding {
        .decided(Outcome(.failed, status: .init(.permanentFailure, subject, detail), diagnostic: text), .reachable)
    }

    private func later(_ text: String) -> Finding {
        .decided(
            Outcome(.deferred, status: .init(.persistentTransientFailure, 4, 3), diagnostic: text), .unreachable)
    }
}

extension SMTPURL {
    fileprivate init(_ endpoint: Endpoint, _ transfer: Destination.Transfer) {
        self.init(endpoint, isLMTP: transfer == .lmtp, isImplicitTLS: transfer == .smtps)
    }
}
