package import MailCore

/// The header of a message that a program hands in, field by field.
package struct MessageHeader: Equatable, Sendable {
    package struct Field: Equatable, Sendable {
        /// In lower case.
        package let name: String
        /// All of it, with the CRLF of its last line.
        package let octets: [UInt8]

        /// What stands behind the colon.
        package var value: ArraySlice<UInt8> {
            guard let colon = octets.firstIndex(of: ASCII.colon) else { return [] }
            return octets[(colon + 1)...]
        }
    }

    package private(set) var fields: [Field] = []

    package init() {}

    /// Reads the header at the beginning of `octets`, whose lines end in CRLF. It ends at an empty line, or before the
    /// first line that is no field; a first line of a mailbox file (`From ann Sat…`) is skipped.
    ///
    /// - Parameter isWhole: whether no octet follows.
    /// - Returns: the header, and where the body begins; nil if its end has not come yet.
    package static func read(_ octets: [UInt8], isWhole: Bool) -> (header: MessageHeader, bodyStart: Int)? {
        var header = MessageHeader()
        var field = 0..<0
        var start = 0
        while let end = lineEnd(in: octets, from: start) {
            let line = octets[start..<end]
            let isContinuation = line.first == ASCII.space || line.first == ASCII.tab
            if isContinuation, !field.isEmpty {
                field = field.lowerBound..<end
            } else {
                header.append(octets[field])
                field = 0..<0
                if line.count == 2 { return (header, end) }
                if isField(line) {
                    field = start..<end
                } else if start > 0 || !line.starts(with: "From ".utf8) {
                    return (header, start)
                }
            }
            start = end
        }
        guard isWhole else { return nil }
        header.append(octets[field])
        return (header, start)
    }

    private static func lineEnd(in octets: [UInt8], from start: Int) -> Int? {
        octets[start...].firstIndex(of: ASCII.lf).map { $0 + 1 }
    }

    /// `field-name ":"` (RFC 5322 §2.2), with the blanks before the colon that old programs write.
    private static func isField(_ line: ArraySlice<UInt8>) -> Bool {
        guard let colon = line.firstIndex(of: ASCII.colon) else { return false }
        let name = trimmed(line[..<colon])
        return !name.isEmpty && name.allSatisfy { $0 > ASCII.space && $0 < 0x7F }
    }

    private static func trimmed(_ name: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var name = name
        while name.last == ASCII.space || name.last == ASCII.tab { name.removeLast() }
        return name
    }

    private mutating func append(_ octets: ArraySlice<UInt8>) {
        guard let colon = octets.firstIndex(of: ASCII.colon) else { return }
        let name = String(utf8: Self.trimmed(octets[..<colon]).map(\.asciiLowercased))
        fields.append(Field(name: name, octets: Array(octets)))
    }

    // MARK: What is asked of it

    package var octets: [UInt8] { fields.flatMap(\.octets) }

    package func contains(_ name: String) -> Bool { fields.contains { $0.name == name } }

    /// The addresses of the recipients. Where the message was sent again, those of the first block of `Resent-` fields
    /// (RFC 5322 §3.6.6).
    package var recipients: [String] {
        let resent = firstResentBlock
        let chosen = resent.isEmpty ? fields[...] : resent
        return chosen.flatMap { field -> [String] in
            switch field.name {
            case "to", "cc", "bcc", "resent-to", "resent-cc", "resent-bcc": AddressList.addresses(in: field.value)
            default: []
            }
        }
    }

    /// The address of whoever sent the message, else of its first author (RFC 5322 §3.6.2). Where the message was sent
    /// again, whoever did that.
    package var sender: String? {
        for (block, name) in [
            (firstResentBlock, "resent-sender"), (firstResentBlock, "resent-from"), (fields[...], "sender"),
            (fields[...], "from"),
        ] {
            guard let field = block.first(where: { $0.name == name }) else { continue }
            if let address = AddressList.addresses(in: field.value).first { return address }
        }
        return nil
    }

    /// The first run of `Resent-` fields, up to the second one of a name that may stand once.
    private var firstResentBlock: ArraySlice<Field> {
        guard let first = fields.firstIndex(where: { $0.name.hasPrefix("resent-") }) else { return [] }
        var seen: Set<String> = []
        var end = first
        while end < fields.endIndex, fields[end].name.hasPrefix("resent-"), seen.insert(fields[end].name).inserted {
            end += 1
        }
        return fields[first..<end]
    }

    // MARK: What is done to it

    /// Takes away what is nobody's business, and what is only true in a mailbox.
    package mutating func removePrivateFields() {
        let names: Set = ["bcc", "resent-bcc", "return-path", "content-length"]
        fields.removeAll { names.contains($0.name) }
    }

    /// Completes addresses that are written without a domain (RFC 6409 §8.3).
    package mutating func completeAddresses(domain: Domain) {
        let names: Set = [
            "from", "sender", "reply-to", "to", "cc", "resent-from", "resent-sender", "resent-to", "resent-cc",
        ]
        for index in fields.indices where names.contains(fields[index].name) {
            let field = fields[index]
            let name = field.octets.dropLast(field.value.count)
            fields[index] = Field(
                name: field.name, octets: name + AddressList.completed(field.value, domain: domain))
        }
    }

    /// Adds the fields that every message has (RFC 5322 §3.6) where they are missing.
    ///
    /// - Parameters:
    ///   - author: the value of a From field.
    ///   - date: the value of a Date field.
    ///   - messageID: the value of a Message-ID field.
    package mutating func addMissingFields(author: String, date: String, messageID: String) {
        if !contains("from") { add("From", author) }
        if !contains("to"), !contains("cc"), !contains("resent-to") { add("To", "undisclosed-recipients:;") }
        if !contains("date") { add("Date", date) }
        if !contains("message-id") { add("Message-ID", messageID) }
    }

    private mutating func add(_ name: String, _ value: String) {
        fields.append(Field(name: name.lowercased(), octets: Array("\(name): \(value)\r\n".utf8)))
    }
}
