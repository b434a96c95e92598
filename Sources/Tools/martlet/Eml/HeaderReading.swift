import ArgumentParser
import MailCore
import MailMIME

/// What a header field with a structure says.
enum HeaderReading: Encodable {
    enum Form: String, ExpressibleByArgument, CaseIterable {
        case address, date, received, list, text
        case contentType = "content-type"
        case messageID = "message-id"

        /// The form of a field, or nil for one that is text.
        init?(fieldName: String) {
            switch fieldName.lowercased() {
            case "from", "to", "cc", "bcc", "sender", "reply-to", "resent-from", "resent-to", "resent-cc", "resent-bcc",
                "resent-sender", "return-path", "list-archive", "list-help", "list-owner", "list-post",
                "list-subscribe",
                "list-unsubscribe", "disposition-notification-to":
                self = .address
            case "date", "resent-date": self = .date
            case "content-type", "content-disposition": self = .contentType
            case "received": self = .received
            case "message-id", "in-reply-to", "references", "content-id", "resent-message-id": self = .messageID
            case "keywords", "content-language": self = .list
            default: return nil
            }
        }
    }

    case addresses([AddressRecord])
    case date(DateRecord?)
    case contentType(ContentTypeRecord?)
    case received(ReceivedRecord)
    case texts([String])
    case text(String)

    init(_ value: [UInt8], as form: Form) {
        switch form {
        case .address: self = .addresses(HeaderAddress.list(value).map { AddressRecord($0) })
        case .date: self = .date(MailDate(value).map { DateRecord($0) })
        case .contentType: self = .contentType(ParameterizedValue(value).map { ContentTypeRecord($0) })
        case .received: self = .received(ReceivedRecord(ReceivedReading(value)))
        case .messageID: self = .texts(MessageIDList.read(value))
        case .list: self = .texts(HeaderText.list(value))
        case .text: self = .text(HeaderText.decode(value))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .addresses(let addresses): try container.encode(addresses)
        case .date(let date): try container.encode(date)
        case .contentType(let type): try container.encode(type)
        case .received(let reading): try container.encode(reading)
        case .texts(let texts): try container.encode(texts)
        case .text(let text): try container.encode(text)
        }
    }
}

/// `{name, address}`, or `{group, addresses}`.
struct AddressRecord: Encodable {
    private enum Key: String, CodingKey {
        case name, address, group, addresses
    }

    private let address: HeaderAddress

    init(_ address: HeaderAddress) {
        self.address = address
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        switch address {
        case .mailbox(let mailbox):
            try container.encode(mailbox.name, forKey: .name)
            try container.encode(mailbox.address, forKey: .address)
        case .group(let name, let members):
            try container.encode(name, forKey: .group)
            try container.encode(members.map { AddressRecord(.mailbox($0)) }, forKey: .addresses)
        }
    }
}

struct DateRecord: Encodable {
    let year, month, day, hour, minute, second: Int
    /// Minutes ahead of UTC.
    let zone: Int
    /// Seconds since 1970.
    let timestamp: Int64

    init(_ date: MailDate) {
        (year, month, day) = (date.year, date.month, date.day)
        (hour, minute, second, zone) = (date.hour, date.minute, date.second, date.zone)
        timestamp = date.timestamp.microseconds / 1_000_000
    }
}

struct ContentTypeRecord: Encodable {
    let type: String
    let subtype: String?
    let params: [String: String]
    let languages: [String: String]?

    init(_ value: ParameterizedValue) {
        type = value.type
        subtype = value.subtype
        params = Dictionary(value.parameters.map { ($0.name, $0.value) }) { first, _ in first }
        let named = value.parameters.compactMap { parameter in parameter.language.map { (parameter.name, $0) } }
        languages = named.isEmpty ? nil : Dictionary(named) { first, _ in first }
    }
}

struct ReceivedRecord: Encodable {
    private enum CodingKeys: String, CodingKey {
        case from
        case fromIP = "from_ip"
        case fromReverse = "from_iprev"
        case helo, ident, by, via, with, id
        case recipient = "for"
        case tlsVersion = "tls_version"
        case tlsCipher = "tls_cipher"
        case date
    }

    let from, fromIP, fromReverse, helo, ident, by, via, with, id, recipient, tlsVersion, tlsCipher: String?
    let date: DateRecord?

    init(_ reading: ReceivedReading) {
        (from, fromIP, fromReverse) = (reading.from, reading.fromAddress, reading.fromReverseName)
        (helo, ident, by, via, with) = (reading.helo, reading.ident, reading.by, reading.via, reading.with)
        (id, recipient) = (reading.id, reading.forRecipient)
        (tlsVersion, tlsCipher) = (reading.tlsVersion, reading.tlsCipher)
        date = reading.date.map { DateRecord($0) }
    }
}
