package import MailCore

/// What a server tells the programs that hand in mail through its maildrop.
package struct MaildropSettings: Equatable, Sendable {
    /// The server's name.
    package var hostname: Domain
    /// The domain of addresses that are a name alone.
    package var domain: Domain
    /// Octets of the largest message.
    package var messageSize: UInt64
    /// Recipients of one message.
    package var recipients: Int
    /// Octets of the largest header.
    package var headerSize: Int
    /// Fields of a header.
    package var headerFields: Int
    /// Received fields that make a message a loop.
    package var receivedHops: Int

    package init(
        hostname: Domain, domain: Domain, messageSize: UInt64, recipients: Int, headerSize: Int = 256 * 1_024,
        headerFields: Int = 2_000, receivedHops: Int = 100
    ) {
        self.hostname = hostname
        self.domain = domain
        self.messageSize = messageSize
        self.recipients = recipients
        self.headerSize = headerSize
        self.headerFields = headerFields
        self.receivedHops = receivedHops
    }

    /// A line for each.
    package var text: String {
        """
        hostname \(hostname)
        domain \(domain)
        message_size \(messageSize)
        recipients \(recipients)
        header_size \(headerSize)
        header_fields \(headerFields)
        received_hops \(receivedHops)

        """
    }

    /// Reads what `text` writes; lines that are not known are for later programs. nil if one is missing or wrong.
    package init?(_ text: String) {
        var values: [Substring: Substring] = [:]
        for line in text.split(separator: "\n") {
            guard let space = line.firstIndex(of: " ") else { continue }
            values[line[..<space]] = line[space...].dropFirst()
        }
        guard let hostname = values["hostname"].flatMap({ try? Domain(String($0)) }),
            let domain = values["domain"].flatMap({ try? Domain(String($0)) }),
            let size = values["message_size"].flatMap({ UInt64($0) }),
            let recipients = values["recipients"].flatMap({ Int($0) }),
            let headerSize = values["header_size"].flatMap({ Int($0) }),
            let headerFields = values["header_fields"].flatMap({ Int($0) }),
            let receivedHops = values["received_hops"].flatMap({ Int($0) })
        else { return nil }
        self.init(
            hostname: hostname, domain: domain, messageSize: size, recipients: recipients, headerSize: headerSize,
            headerFields: headerFields, receivedHops: receivedHops)
    }
}
