/// A part of a message (RFC 2045 §2.4): the message itself, a part of a multipart, or a message within a message.
public struct MessagePart: Sendable {
    let message: ParsedMessage
    /// The part's place among all parts; 0 is the message itself.
    public let index: Int
    private let record: PartRecord

    init(message: ParsedMessage, index: Int) {
        self.message = message
        self.index = index
        record = message.parts[index]
    }

    /// Where the header lies in the message, with the empty line behind it.
    public var headerRange: Range<Int> { record.header }

    /// Where the body lies, still encoded, without the line end that belongs to a boundary.
    public var bodyRange: Range<Int> { record.body }

    /// The parts inside: those of a multipart, or the one message of a message/rfc822.
    public var parts: [MessagePart] {
        var parts: [MessagePart] = []
        var next = record.firstChild
        while let index = next {
            let part = MessagePart(message: message, index: index)
            parts.append(part)
            next = part.record.nextSibling
        }
        return parts
    }

    public var isMultipart: Bool { record.composition == .multipart }

    /// Whether the body is a message (RFC 2046 §5.2.1).
    public var isMessage: Bool { record.composition == .message }

    /// The header's fields in their order.
    public var fields: MessageFields { MessageFields(message: message, places: record.fields) }

    /// The first field of that name; case does not matter.
    public func field(_ name: String) -> MessageField? {
        fields.first { $0.isNamed(name) }
    }

    private func field(at index: Int?) -> MessageField? {
        index.map { MessageField(message: message, record: message.fields[$0]) }
    }

    /// What the part says it is; nil where it says nothing that can be read.
    public var contentType: ParameterizedValue? {
        field(at: record.contentType)?.parameterized
    }

    /// The media type in lower case: what the part says, else what it is by default (RFC 2045 §5.2, RFC 2046 §5.1.5).
    public var mediaType: String {
        let field = field(at: record.contentType)
        let type = field.flatMap { $0.withValue(PlainParameters.value) ?? $0.parameterized?.value }
        if let type, type.utf8.contains(UInt8(ascii: "/")) { return type }
        return record.isMessageByDefault ? "message/rfc822" : "text/plain"
    }

    /// How the body is encoded; 7bit where the part does not say (RFC 2045 §6.1).
    public var transferEncoding: TransferEncoding {
        field(at: record.transferEncoding).map { $0.withValue { TransferEncoding($0) } } ?? .identity
    }

    /// Whether to show the part or to offer it as a file (RFC 2183).
    public var disposition: ParameterizedValue? {
        field(at: record.disposition)?.parameterized
    }

    /// The file name that the part asks for. It may hold anything: a path, control characters, nothing at all.
    public var fileName: String? {
        parameter("filename", of: record.disposition) ?? parameter("name", of: record.contentType)
    }

    /// The charset as the part names it.
    public var charset: String? { parameter("charset", of: record.contentType) }

    /// - Parameters:
    ///   - name: in lower case.
    ///   - index: the field's place in the list of all fields.
    private func parameter(_ name: StaticString, of index: Int?) -> String? {
        guard let field = field(at: index) else { return nil }
        let plain = field.withValue { PlainParameters.parameter(name, of: $0) }
        return plain.isPlain ? plain.value : field.parameterized?["\(name)"]
    }
}
