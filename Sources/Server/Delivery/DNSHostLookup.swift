public import MailCore
public import MailDNS
public import QueueCore

/// Finds the hosts for mail in DNS.
public struct DNSHostLookup: MailHostLookup {
    private let resolver: UnboundResolver
    private let policy: MailHostPolicy

    public init(resolver: UnboundResolver, policy: MailHostPolicy) {
        self.resolver = resolver
        self.policy = policy
    }

    public func hosts(for domain: Domain) async -> MailHostAnswer {
        await run(MailHostSelection(for: domain, policy: policy))
    }

    public func addresses(of name: String) async -> MailHostAnswer {
        if let address = IPAddress(name) { return .hosts([MailHostCandidate(name: name, addresses: [address])]) }
        return await run(MailHostSelection(host: name, policy: policy))
    }

    /// What DNS says to one question.
    public func answer(to question: DNSQuestion) async -> DNSAnswer { await resolver.answer(to: question) }

    /// What DNS says against sending mail to a domain; nil if nothing, or if it cannot tell for now.
    public func refusal(of domain: Domain) async -> MailDomainRefusal? {
        MailHostSelection.refusal(by: await resolver.answer(to: DNSQuestion(domain.description, .mx)))
    }

    private func run(_ selection: MailHostSelection) async -> MailHostAnswer {
        var selection = selection
        var generator = SystemRandomNumberGenerator()
        var step = selection.start()
        while true {
            switch step {
            case .ask(let questions):
                step = selection.take(await resolver.answers(to: questions), using: &generator)
            case .done(let answer): return answer
            }
        }
    }
}
