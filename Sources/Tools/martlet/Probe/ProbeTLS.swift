import MailCertificates
import MailCore
import SMTPClient

/// What a handshake showed, for programs.
struct ProbeTLS: Encodable {
    struct Certificate: Encodable {
        let subject, issuer, notBefore, notAfter, sha256: String
        let names: [String]
        let problem: String?

        private enum CodingKeys: String, CodingKey {
            case subject, issuer, sha256, names, problem
            case notBefore = "not_before"
            case notAfter = "not_after"
        }
    }

    let version: String
    let cipher: String?
    let trusted: Bool
    /// The root that the chain leads to, or why the server is not trusted.
    let verdict: String
    let certificates: [Certificate]

    init(_ handshake: TLSHandshake, _ chain: PresentedChain) {
        version = handshake.session.version
        cipher = handshake.session.cipher
        switch chain.verdict {
        case .trusted(let root): (trusted, verdict) = (true, root)
        case .untrusted(let reason): (trusted, verdict) = (false, reason)
        }
        certificates = chain.links.map { link in
            Certificate(
                subject: link.subject, issuer: link.issuer, notBefore: "\(link.begin)", notAfter: "\(link.end)",
                sha256: link.fingerprint, names: link.names, problem: link.problem)
        }
    }
}

extension ProbeStep {
    /// A handshake that came about: session, verdict, and what was shown.
    init(_ handshake: TLSHandshake, _ chain: PresentedChain, host: String, now: Timestamp, took time: Duration) {
        var lines: [String]
        switch chain.verdict {
        case .trusted(let root):
            lines = ["\(handshake.session), trusted for \(host): leads to \(root)"]
        case .untrusted(let reason): lines = ["\(handshake.session), but the server is not trusted: \(reason)"]
        }
        for (index, link) in chain.links.enumerated() { lines += Self.lines(link, number: index, now: now) }
        self.init("tls", verdict: chain.isTrusted ? .ok : .warning, lines, took: time)
        tls = ProbeTLS(handshake, chain)
    }

    private static let mostNames = 10

    private static func lines(_ link: PresentedChain.Link, number: Int, now: Timestamp) -> [String] {
        let days = (link.end - now).components.seconds / 86_400
        let names = link.names.prefix(mostNames).joined(separator: ", ")
        let more = link.names.count > mostNames ? " and \(link.names.count - mostNames) more" : ""
        return [
            "\(number) \(link.subject)", "  issued by \(link.issuer)",
            "  \(link.begin.day) to \(link.end.day)" + (days >= 0 ? ", \(days) days left" : ""),
            names.isEmpty ? nil : "  for \(names)\(more)", number == 0 ? "  sha256:\(link.fingerprint)" : nil,
            link.problem.map { "  wrong: \($0)" },
        ].compactMap(\.self)
    }
}

extension PresentedChain {
    fileprivate var isTrusted: Bool { if case .trusted = verdict { true } else { false } }
}
