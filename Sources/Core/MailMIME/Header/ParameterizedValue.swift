import MailCore

/// A value with parameters, such as that of Content-Type (RFC 2045 §5.1) or Content-Disposition (RFC 2183).
public struct ParameterizedValue: Hashable, Sendable {
    public struct Parameter: Hashable, Sendable {
        /// In lower case, without the marks of RFC 2231.
        public let name: String
        public let value: String
        /// The language that the value names (RFC 2231 §4), or nil.
        public let language: String?
    }

    /// What stands before the first semicolon, in lower case and without blanks and comments: `text/plain`, `attachment`.
    public let value: String
    /// In the order in which they first appear; continuations are joined, charsets and encoded words read.
    public let parameters: [Parameter]

    /// Nil if there is nothing before the parameters.
    ///
    /// - Parameter fieldValue: what follows the field's colon.
    public init?(_ fieldValue: [UInt8]) {
        guard let value = fieldValue.withUnsafeBufferPointer({ ParameterizedValue($0) }) else { return nil }
        self = value
    }

    init?(_ fieldValue: UnsafeBufferPointer<UInt8>) {
        if let plain = PlainParameters.read(fieldValue) {
            (value, parameters) = plain
            return
        }
        var reader = ParameterReader(Array(fieldValue))
        let value = reader.value()
        guard let first = value.utf8.first, first != UInt8(ascii: "/") else { return nil }
        self.value = value
        parameters = ParameterSections.join(reader.parameters())
    }

    /// The value of the first parameter of that name, which is given in lower case.
    public subscript(name: String) -> String? { parameters.first { $0.name == name }?.value }

    /// What stands before the slash of a media type.
    public var type: String { String(value.prefix { $0 != "/" }) }

    /// What stands behind the slash of a media type; nil if there is none, or nothing behind it.
    public var subtype: String? {
        guard let slash = value.firstIndex(of: "/") else { return nil }
        let rest = value[value.index(after: slash)...]
        return rest.isEmpty ? nil : String(rest)
    }
}
