import MailCore

/// A host that a domain names for its mail, and how much it wants it used; the less, the better.
struct MailExchanger: Hashable {
    let preference: Int
    let name: String

    /// What an MX look-up names.
    enum Listing: Hashable {
        /// RFC 7505: the domain takes no mail.
        case nullMX
        /// The best first, equals in the order in which they came.
        case hosts([MailExchanger])
    }

    /// Sorts the records of an MX look-up.
    ///
    /// The root as the most preferred host says that no mail is taken, though RFC 7505 §3 wants it alone; behind others
    /// it is no host, and left out like every name that no host can have.
    static func listing(_ records: [DNSRecord]) -> Listing {
        var exchangers: [MailExchanger] = []
        for case .mx(let preference, let host) in records {
            exchangers.append(MailExchanger(preference: Int(preference), name: host))
        }
        let best = exchangers.map(\.preference).min()
        if exchangers.contains(where: { $0.name.isEmpty && $0.preference == best }) { return .nullMX }
        let usable = exchangers.filter { $0.name.isHostName }.enumerated()
            .sorted { ($0.element.preference, $0.offset) < ($1.element.preference, $1.offset) }
        return .hosts(usable.map(\.element))
    }
}

extension [MailExchanger] {
    /// Shuffles those that are preferred alike (RFC 5321 §5.1); the array is sorted.
    mutating func shuffleEquals(using generator: inout some RandomNumberGenerator) {
        var start = startIndex
        while start < endIndex {
            let end = self[start...].firstIndex { $0.preference != self[start].preference } ?? endIndex
            self[start..<end].shuffle(using: &generator)
            start = end
        }
    }
}

extension String {
    /// Whether it could be that of a host: letters, digits, hyphens, and underscores, which are not allowed but in use.
    fileprivate var isHostName: Bool {
        !isEmpty
            && utf8.allSatisfy { byte in
                byte.isASCIILetterOrDigit || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
                    || byte == UInt8(ascii: ".")
            }
    }
}
