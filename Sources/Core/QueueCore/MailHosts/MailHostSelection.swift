public import MailCore

/// Chooses the hosts that get the mail of a domain (RFC 5321 §5.1): asks DNS, is answered, and says who is to be tried
/// in which order.
///
/// Temporary trouble never makes a permanent answer, and costs nothing where another host can be had.
public struct MailHostSelection {
    public enum Step: Hashable, Sendable {
        /// The answers to all of these are wanted next, in this order.
        case ask([DNSQuestion])
        case done(MailHostAnswer)
    }

    private let name: String
    private let policy: MailHostPolicy
    private let judgesAddresses: Bool
    private var waitsForExchangers: Bool
    /// Those not looked up yet, the best first.
    private var exchangers: ArraySlice<MailExchanger> = []
    /// Those whose addresses were asked for.
    private var asked: ArraySlice<MailExchanger> = []
    private var questionsLeft: Int
    private var chosen: [(exchanger: MailExchanger, addresses: [IPAddress])] = []

    // What speaks against a final "nobody".
    private var trouble: String?
    private var foundOurselves = false
    private var foundForbidden: IPAddress?

    /// How many hosts are looked up at once.
    private static let stride = 3

    /// The hosts for the mail of a domain.
    public init(for domain: Domain, policy: MailHostPolicy) {
        self.init(name: domain.description, policy: policy, judgesAddresses: true)
    }

    /// One host that the configuration names: there is no look at MX, and no address is refused.
    public init(host: String, policy: MailHostPolicy) {
        self.init(name: host, policy: policy, judgesAddresses: false)
        exchangers = [MailExchanger(preference: 0, name: host)]
    }

    private init(name: String, policy: MailHostPolicy, judgesAddresses: Bool) {
        self.name = name
        self.policy = policy
        self.judgesAddresses = judgesAddresses
        waitsForExchangers = judgesAddresses
        questionsLeft = policy.questions
    }

    /// What is to be asked first.
    public mutating func start() -> Step {
        guard waitsForExchangers else { return next() }
        questionsLeft -= 1
        return .ask([DNSQuestion(name, .mx)])
    }

    /// Takes the answers to the last questions, in their order.
    public mutating func take(_ answers: [DNSAnswer], using generator: inout some RandomNumberGenerator) -> Step {
        guard waitsForExchangers else {
            for (index, exchanger) in asked.enumerated() {
                guard take(answers.dropFirst(2 * index).prefix(2), of: exchanger, using: &generator) else { break }
            }
            return next()
        }
        waitsForExchangers = false
        guard let answer = answers.first else { return .done(.later("DNS did not answer")) }
        return takeExchangers(answer, using: &generator)
    }

    /// What the answer to the question for the MX of a domain says against sending mail there; nil if nothing.
    public static func refusal(by answer: DNSAnswer) -> MailDomainRefusal? {
        switch answer.status {
        case .noName: .noSuchDomain
        case .found where MailExchanger.listing(answer.records) == .nullMX: .nullMX
        case .trouble: .unknownNow
        case .found, .noRecords: nil
        }
    }

    private mutating func takeExchangers(
        _ answer: DNSAnswer, using generator: inout some RandomNumberGenerator
    ) -> Step {
        var hosts: [MailExchanger]
        switch answer.status {
        case .trouble(let trouble): return .done(.later("MX of \(name): \(trouble)"))
        case .noName: return .done(.none("there is no domain \(name)"))
        case .noRecords: hosts = [MailExchanger(preference: 0, name: name)]
        case .found:
            switch MailExchanger.listing(answer.records) {
            case .nullMX: return .done(.nullMX)
            case .hosts(let listed): hosts = listed
            }
        }
        hosts.shuffleEquals(using: &generator)
        exchangers = hosts[...]
        if let ours = hosts.first(where: { policy.ownNames.contains($0.name) }) { keepPreferred(to: ours) }
        return next()
    }

    /// Takes the addresses of one host; false where it is us, and so the last to be looked at.
    private mutating func take(
        _ answers: ArraySlice<DNSAnswer>, of exchanger: MailExchanger, using generator: inout some RandomNumberGenerator
    ) -> Bool {
        var families: [[IPAddress]] = []
        for answer in answers {
            if case .trouble(let reason) = answer.status { trouble = "address of \(exchanger.name): \(reason)" }
            families.append(
                answer.records.compactMap { record in
                    guard case .address(let address) = record else { return nil }
                    return address
                })
        }
        if judgesAddresses, families.joined().contains(where: policy.isOurs) {
            keepPreferred(to: exchanger)
            return false
        }
        let usable = families.map { family in family.filter(mayUse).shuffled(using: &generator) }
        if let refused = families.joined().first(where: { !mayUse($0) }) { foundForbidden = refused }
        let addresses = Self.inTurn(usable).prefix(addressesLeft)
        if !addresses.isEmpty { chosen.append((exchanger, Array(addresses))) }
        return true
    }

    /// Leaves out a host that is us, and all that are not preferred to it (RFC 5321 §5.1).
    private mutating func keepPreferred(to ours: MailExchanger) {
        foundOurselves = true
        exchangers = exchangers.filter { $0.preference < ours.preference }[...]
        chosen.removeAll { $0.exchanger.preference >= ours.preference }
    }

    private func mayUse(_ address: IPAddress) -> Bool { !judgesAddresses || policy.mayUse(address) }

    private var addressesLeft: Int { policy.addresses - chosen.reduce(0) { $0 + $1.addresses.count } }

    private mutating func next() -> Step {
        let count = min(Self.stride, exchangers.count, questionsLeft / 2)
        guard addressesLeft > 0, count > 0 else { return .done(conclusion) }
        asked = exchangers.prefix(count)
        exchangers = exchangers.dropFirst(count)
        questionsLeft -= 2 * count
        return .ask(asked.flatMap { [DNSQuestion($0.name, .aaaa), DNSQuestion($0.name, .a)] })
    }

    private var conclusion: MailHostAnswer {
        if !chosen.isEmpty {
            return .hosts(chosen.map { MailHostCandidate(name: $0.exchanger.name, addresses: $0.addresses) })
        }
        if let trouble { return .later(trouble) }
        if !exchangers.isEmpty { return .later("\(name) names too many hosts without an address") }
        if foundOurselves { return .ourselves }
        if let foundForbidden { return .none("\(name) leads to \(foundForbidden), which may not be used") }
        return .none("no host of \(name) has an address")
    }

    /// Joins lists by taking one of each in turn, so that a limit leaves some of both families.
    private static func inTurn(_ lists: [[IPAddress]]) -> [IPAddress] {
        let longest = lists.map(\.count).max() ?? 0
        return (0..<longest).flatMap { index in lists.compactMap { $0.dropFirst(index).first } }
    }
}
