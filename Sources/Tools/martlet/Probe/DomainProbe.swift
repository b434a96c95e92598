import MailCore
import MailDNS

/// Looks up where mail for a domain goes.
struct DomainProbe {
    struct Host: Hashable {
        let name: String
        let addresses: [IPAddress]
    }

    /// Hosts of one domain that are looked up; more of them are no help.
    private static let mostHosts = 10

    let resolver: UnboundResolver
    let report: ProbeReport

    /// The hosts that take mail for the domain, the best first; the domain itself where it names none (RFC 5321 §5.1).
    ///
    /// - Throws: `ProbeEnd`.
    func hosts(for domain: Domain) async throws -> [Host] {
        let start = ContinuousClock.now
        let answer = await resolver.answer(to: DNSQuestion(domain.description, .mx))
        let time = ContinuousClock.now - start
        switch answer.status {
        case .found: return try await hosts(answer, time)
        case .noRecords:
            report.add(ProbeStep("mx", [Self.text("none; the domain itself is the host", answer)], took: time))
            return [try await host(domain.description)]
        case .noName:
            report.add(ProbeStep("mx", verdict: .failed, ["there is no such domain"], took: time))
            throw ProbeEnd.failed(.noHost, stage: "mx", "\(domain): there is no such domain")
        case .trouble(let trouble):
            report.add(ProbeStep("mx", verdict: .failed, ["\(trouble)"], took: time))
            throw ProbeEnd.failed(.tryAgain, stage: "mx", "\(domain): DNS does not answer: \(trouble)")
        }
    }

    private func hosts(_ answer: DNSAnswer, _ time: Duration) async throws -> [Host] {
        var names: [(preference: UInt16, name: String)] = []
        for case .mx(let preference, let name) in answer.records { names.append((preference, name)) }
        names.sort { $0 < $1 }
        let lines = names.map { "\($0.preference) \($0.name.isEmpty ? "." : $0.name)" }
        report.add(ProbeStep("mx", [Self.text(lines.first ?? "", answer)] + lines.dropFirst(), took: time))
        if names.first?.name.isEmpty ?? false {
            throw ProbeEnd.failed(.unavailable, stage: "mx", "the domain says that it takes no mail (RFC 7505)")
        }
        var hosts: [Host] = []
        for (_, name) in names.prefix(Self.mostHosts) {
            if let host = try? await host(name) { hosts.append(host) }
        }
        guard !hosts.isEmpty else {
            throw ProbeEnd.failed(.tryAgain, stage: "address", "none of the hosts has an address")
        }
        return hosts
    }

    /// A host with its addresses.
    ///
    /// - Throws: `ProbeEnd` where there are none.
    func host(_ name: String) async throws -> Host {
        let start = ContinuousClock.now
        let answers = await resolver.answers(to: [DNSQuestion(name, .a), DNSQuestion(name, .aaaa)])
        let time = ContinuousClock.now - start
        var addresses: [IPAddress] = []
        for answer in answers {
            for case .address(let address) in answer.records { addresses.append(address) }
        }
        if addresses.isEmpty {
            let (status, text) = Self.trouble(answers)
            report.add(ProbeStep("address", verdict: .failed, ["\(name): \(text)"], took: time))
            throw ProbeEnd.failed(status, stage: "address", "\(name): \(text)")
        }
        let text = "\(name) has \(addresses.map(\.description).joined(separator: ", "))"
        let isSecure = answers.allSatisfy { $0.isSecure || $0.status != .found }
        report.add(ProbeStep("address", [isSecure ? "\(text) (DNSSEC)" : text], took: time))
        return Host(name: name, addresses: addresses)
    }

    /// Tells the name of an address, and whether that name leads back to it.
    func reverse(_ address: IPAddress) async {
        let start = ContinuousClock.now
        let answer = await resolver.answer(to: DNSQuestion(address.reverseName, .ptr))
        var step = ProbeStep("ptr", verdict: .warning, ["\(address) has no name; many servers take no mail from it"])
        for case .name(let name) in answer.records.prefix(1) {
            let isConfirmed = await self.confirms(name, address)
            step = ProbeStep(
                "ptr", verdict: isConfirmed ? .ok : .warning,
                ["\(address) is \(name)" + (isConfirmed ? ", and back" : ", but that name does not lead back")])
        }
        if case .trouble(let trouble) = answer.status {
            step = ProbeStep("ptr", verdict: .warning, ["\(address): \(trouble)"])
        }
        report.add(ProbeStep(step.step, verdict: step.verdict, step.lines, took: ContinuousClock.now - start))
    }

    private func confirms(_ name: String, _ address: IPAddress) async -> Bool {
        let answers = await resolver.answers(to: [DNSQuestion(name, .a), DNSQuestion(name, .aaaa)])
        return answers.contains { $0.records.contains(.address(address)) }
    }

    private static func text(_ text: String, _ answer: DNSAnswer) -> String {
        answer.isSecure ? "\(text) (DNSSEC)" : text
    }

    private static func trouble(_ answers: [DNSAnswer]) -> (ExitStatus, String) {
        for answer in answers {
            if case .trouble(let trouble) = answer.status { return (.tryAgain, "DNS does not answer: \(trouble)") }
        }
        return (.noHost, "DNS knows no address of it")
    }
}
