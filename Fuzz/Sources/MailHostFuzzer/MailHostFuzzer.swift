import Foundation
import FuzzDriver
import MailCore
import QueueCore

/// What name servers make a server do: however they answer, it asks so many questions and no more, goes to nobody who may
/// not be reached from outside, never back to itself, and gives nobody up because of what is only trouble.
@main
enum MailHostFuzzer {
    private static let policy: MailHostPolicy = {
        var policy = MailHostPolicy(ownNames: ["us.example"])
        if let network = try? IPNetwork("203.0.114.0/24") { policy.ownNetworks = [network] }
        return policy
    }()
    private static let forbidden =
        ["127.0.0.0/8", "10.0.0.0/8", "192.168.0.0/16", "169.254.0.0/16", "::1/128", "fe80::/10"]
        .compactMap { try? IPNetwork($0) } + policy.ownNetworks
    private static let names = ["a.example", "b.example", "us.example", "", "d.example", "e.example"]

    /// Two exchangers with an address each; as many as there may be; ourselves among them.
    private static let seeds: [String: [UInt8]] = [
        "two": [0, 2, 0, 10, 0, 0, 20, 1, 0, 0, 0, 1, 1, 8, 8, 8, 8, 0, 0, 0, 1, 1, 9, 9, 9, 9],
        "many": [0, 20] + (0..<20).flatMap { [0, UInt8($0), UInt8(4)] } + [UInt8](repeating: 1, count: 40),
        "us": [0, 2, 0, 10, 0, 0, 20, 2, 0, 1, 1, 203, 0, 114, 7], "null": [0, 1, 0, 0, 4], "trouble": [3], "none": [2],
        "inside": [1, 0, 2, 1, 127, 0, 0, 1, 1, 10, 0, 0, 1],
    ]

    static func main() throws {
        let domain = try Domain("example.org")
        try FuzzDriver.main(seeds: seeds.mapValues { Data($0) }) { input in
            var zone = Zone(input)
            var selection = MailHostSelection(for: domain, policy: policy)
            var step = selection.start()
            var questions = 0
            while case .ask(let asked) = step {
                questions += asked.count
                expect(!asked.isEmpty && questions <= policy.questions, "\(questions) questions")
                step = selection.take(asked.map { zone.answer($0) }, using: &zone)
            }
            if case .done(let answer) = step { check(answer, zone) }
            return true
        }
    }

    private static func check(_ answer: MailHostAnswer, _ zone: Zone) {
        switch answer {
        case .hosts(let hosts):
            let addresses = hosts.flatMap(\.addresses)
            expect((1...policy.addresses).contains(addresses.count), "\(addresses.count) addresses")
            expect(hosts.allSatisfy { !$0.addresses.isEmpty }, "a host without an address")
            expect(hosts.allSatisfy { $0.name.lowercased() != "us.example" }, "we are to send to ourselves")
            for address in addresses {
                expect(!forbidden.contains { $0.contains(address) }, "\(address) may not be used")
            }
        case .nullMX, .none: expect(!zone.hadTrouble, "\(answer) after trouble")
        case .later(let reason): expect(!reason.isEmpty, "no reason")
        case .ourselves: expect(zone.namedUs, "we were not named")
        }
    }

    /// Answers made of the input. Its length is what chance begins with.
    private struct Zone: RandomNumberGenerator {
        private var rest: Slice<UnsafeRawBufferPointer>
        private var state: UInt64
        private(set) var hadTrouble = false
        private(set) var namedUs = false

        init(_ input: UnsafeRawBufferPointer) {
            rest = input[...]
            state = UInt64(input.count)
        }

        private mutating func octet() -> UInt8 { rest.popFirst() ?? 0 }

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ (state >> 29)
        }

        mutating func answer(_ question: DNSQuestion) -> DNSAnswer {
            switch octet() & 3 {
            case 0: return DNSAnswer(.found, records: records(question.type))
            case 1: return DNSAnswer(.noRecords)
            case 2: return DNSAnswer(.noName)
            default:
                hadTrouble = true
                return .trouble(.timeout)
            }
        }

        private mutating func records(_ type: DNSRecordType) -> [DNSRecord] {
            (0..<octet() & 63).map { _ in
                guard type == .mx else { return address() }
                let preference = UInt16(octet()) << 8 | UInt16(octet())
                let name = names[Int(octet()) % names.count]
                if name.lowercased() == "us.example" { namedUs = true }
                return .mx(preference: preference, host: name)
            }
        }

        private mutating func address() -> DNSRecord {
            let data = (0..<(octet() & 1 == 1 ? 4 : 16)).map { _ in octet() }
            guard let record = DNSRecord(type: data.count == 4 ? .a : .aaaa, data: data) else { return .name("") }
            if case .address(let address) = record, policy.ownNetworks.contains(where: { $0.contains(address) }) {
                namedUs = true
            }
            return record
        }
    }
}
