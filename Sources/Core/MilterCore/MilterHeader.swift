import MailCore

/// The header of a message that filters see and change. Fields that none of them touches stay octet for octet.
public struct MilterHeader: Hashable, Sendable {
    public struct Field: Hashable, Sendable {
        public let name: String
        /// All of it, with the line end of its last line.
        public let octets: [UInt8]

        /// What stands behind the colon, but for the last line end.
        public var value: [UInt8] {
            guard let colon = octets.firstIndex(of: ASCII.colon) else { return [] }
            var value = octets[(colon + 1)...]
            if value.last == ASCII.lf { value.removeLast() }
            if value.last == ASCII.cr { value.removeLast() }
            return Array(value)
        }

        init(name: String, octets: [UInt8]) {
            self.name = name
            self.octets = octets
        }

        /// - Parameter value: as `MilterChange` has it.
        init(name: String, value: [UInt8]) {
            self.init(name: name, octets: Array(name.utf8) + [ASCII.colon] + value + [ASCII.cr, ASCII.lf])
        }

        func isNamed(_ other: String) -> Bool {
            name.utf8.count == other.utf8.count && name.lowercased() == other.lowercased()
        }
    }

    public private(set) var fields: [Field] = []

    /// Where a header ends.
    public struct End: Hashable, Sendable {
        /// Octets up to the end of the last field.
        public let fields: Int
        /// Octets up to the body: with the empty line, where there is one.
        public let header: Int
    }

    /// Reads the header at the beginning of `octets`. It ends at an empty line, or before the first line that is no field.
    ///
    /// - Parameter isWhole: whether no octet follows.
    /// - Returns: nil if its end has not come yet.
    public static func read(_ octets: [UInt8], isWhole: Bool) -> (header: MilterHeader, end: End)? {
        var header = MilterHeader()
        var (field, start) = (0..<0, 0)
        while let end = octets[start...].firstIndex(of: ASCII.lf).map({ $0 + 1 }) {
            let line = octets[start..<end]
            if line.first == ASCII.space || line.first == ASCII.tab, !field.isEmpty {
                field = field.lowerBound..<end
            } else {
                header.append(octets[field])
                field = start..<end
                if line == [ASCII.cr, ASCII.lf] { return (header, End(fields: start, header: end)) }
                guard name(of: line) != nil else { return (header, End(fields: start, header: start)) }
            }
            start = end
        }
        guard isWhole else { return nil }
        header.append(octets[field])
        return (header, End(fields: start, header: start))
    }

    /// The name of the field that begins with a line (RFC 5322 §2.2, with the blanks before the colon of §4.5).
    private static func name(of line: ArraySlice<UInt8>) -> String? {
        guard let colon = line.firstIndex(of: ASCII.colon) else { return nil }
        var name = line[..<colon]
        while name.last == ASCII.space || name.last == ASCII.tab { name.removeLast() }
        guard !name.isEmpty, name.allSatisfy({ $0 > ASCII.space && $0 < 0x7F }) else { return nil }
        return String(decoding: name, as: UTF8.self)
    }

    private mutating func append(_ octets: ArraySlice<UInt8>) {
        guard let name = Self.name(of: octets) else { return }
        fields.append(Field(name: name, octets: Array(octets)))
    }

    public var octets: [UInt8] { fields.flatMap(\.octets) }

    /// Makes a change; false where it is none of the header.
    public mutating func apply(_ change: MilterChange) -> Bool {
        switch change {
        case .addField(let name, let value): fields.append(Field(name: name, value: value))
        case .insertField(let index, let name, let value):
            fields.insert(Field(name: name, value: value), at: min(max(index, 1) - 1, fields.count))
        case .changeField(let index, let name, let value): replace(index, name, value)
        case .body, .sender, .addRecipient, .deleteRecipient, .quarantine: return false
        }
        return true
    }

    private mutating func replace(_ index: Int, _ name: String, _ value: [UInt8]) {
        let places = fields.indices.filter { fields[$0].isNamed(name) }
        let isRemoval = value.allSatisfy { $0 == ASCII.space }
        guard places.indices.contains(max(index, 1) - 1) else {
            if !isRemoval { fields.append(Field(name: name, value: value)) }
            return
        }
        let place = places[max(index, 1) - 1]
        if isRemoval {
            fields.remove(at: place)
        } else {
            fields[place] = Field(name: fields[place].name, value: value)
        }
    }
}
