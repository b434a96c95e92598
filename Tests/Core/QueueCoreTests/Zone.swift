import MailCore
import QueueCore

/// A small piece of DNS, and the seed of what is drawn.
///
/// Lines are `mx DOMAIN PREFERENCE HOST`, `a NAME ADDRESS`, `aaaa NAME ADDRESS`, `none NAME` for a name without records
/// and `trouble TYPE NAME` for SERVFAIL.
struct Zone {
    /// How many questions were asked.
    private(set) var questions = 0
    private var records: [DNSQuestion: [DNSRecord]] = [:]
    private var names: Set<String> = []
    private var broken: Set<DNSQuestion> = []
    private let policy: MailHostPolicy
    private var generator: Generator

    private struct Generator: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (state ^ state >> 33) &* 0xFF51_AFD7_ED55_8CCD
        }
    }

    init(_ lines: [String], policy: MailHostPolicy = MailHostPolicy(), seed: UInt64 = 1) {
        self.policy = policy
        generator = Generator(state: seed)
        for line in lines {
            let words = line.split(separator: " ").map(String.init)
            switch words[0] {
            case "mx":
                add(.mx(preference: UInt16(words[2]) ?? 0, host: words[3] == "." ? "" : words[3]), words[1], .mx)
            case "a", "aaaa":
                let type: DNSRecordType = words[0] == "a" ? .a : .aaaa
                if let address = IPAddress(words[2]) { add(.address(address), words[1], type) }
            case "none": names.insert(words[1])
            default: broken.insert(DNSQuestion(words[2], words[1] == "mx" ? .mx : words[1] == "a" ? .a : .aaaa))
            }
        }
    }

    private mutating func add(_ record: DNSRecord, _ name: String, _ type: DNSRecordType) {
        names.insert(name)
        records[DNSQuestion(name, type), default: []].append(record)
    }

    /// What the mail for example.net is told.
    mutating func answer() throws -> MailHostAnswer {
        run(MailHostSelection(for: try Domain("example.net"), policy: policy))
    }

    /// The hosts for example.net with their addresses; empty if it is another answer.
    mutating func hosts() throws -> [String] {
        guard case .hosts(let hosts) = try answer() else { return [] }
        return hosts.map { ([$0.name] + $0.addresses.map(\.description)).joined(separator: " ") }
    }

    mutating func run(_ selection: MailHostSelection) -> MailHostAnswer {
        var selection = selection
        var step = selection.start()
        while true {
            switch step {
            case .done(let answer): return answer
            case .ask(let asked):
                questions += asked.count
                step = selection.take(asked.map(look), using: &generator)
            }
        }
    }

    private func look(_ question: DNSQuestion) -> DNSAnswer {
        if broken.contains(question) { return .trouble(.refused(code: 2)) }
        if let found = records[question] { return DNSAnswer(.found, records: found) }
        return DNSAnswer(names.contains(question.name) ? .noRecords : .noName)
    }
}
