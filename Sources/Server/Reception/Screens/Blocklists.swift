public import MailCore
public import SMTPCore
import Synchronization

/// Refuses clients whose address a DNS block list names (RFC 5782). What cannot be looked up refuses nobody.
public final class Blocklists: RecipientScreen {
    /// Look-ups that are under way at once, for all sessions.
    private static let most = 200

    private let zones: @Sendable () -> [Domain]
    private let look: @Sendable (DNSQuestion) async -> DNSAnswer
    private let running = Mutex(0)

    /// - Parameters:
    ///   - zones: the lists that are asked, the first first.
    ///   - look: asks DNS; it comes to an end by itself.
    public init(
        zones: @escaping @Sendable () -> [Domain], look: @escaping @Sendable (DNSQuestion) async -> DNSAnswer
    ) {
        self.zones = zones
        self.look = look
    }

    public var isOn: Bool { !zones().isEmpty }

    public func objection(to recipient: ScreenedRecipient) async -> SMTPReply? {
        for zone in zones() where await isListed(recipient.client, in: zone) {
            let status = EnhancedStatusCode(.permanentFailure, 7, 1)
            return SMTPReply(554, status, "Your address \(recipient.client) is listed by \(zone)")
        }
        return nil
    }

    private func isListed(_ address: IPAddress, in zone: Domain) async -> Bool {
        let mayLook = running.withLock { running in
            guard running < Self.most else { return false }
            running += 1
            return true
        }
        guard mayLook else { return false }
        defer { running.withLock { $0 -= 1 } }
        let answer = await look(DNSQuestion("\(address.listName).\(zone)", .a))
        return answer.records.contains { record in
            if case .address(.v4(let address)) = record { address.isListing } else { false }
        }
    }
}

extension IPAddress {
    /// The address as block lists have it in front of their own name (RFC 5782 §2.1, §2.4).
    fileprivate var listName: String {
        switch self {
        case .v4: String(reverseName.dropLast(".in-addr.arpa".count))
        case .v6: String(reverseName.dropLast(".ip6.arpa".count))
        }
    }
}

extension IPv4Address {
    /// Whether a list says so that an address is on it: 127/8, but for 127.255.255/24, by which lists say that they will
    /// not be asked.
    fileprivate var isListing: Bool { bits >> 24 == 127 && bits >> 8 != 0x7F_FF_FF }
}
