import Crypto
import MailMIME

/// A message as `martlet eml --json` writes it.
struct MessageRecord: Encodable {
    struct Defect: Encodable {
        let kind: String
        let offset: Int
    }

    struct Attachment: Encodable {
        let part: Int
        let type: String
        @Nullable var filename: String?
        let length: Int
        let sha256: String

        init(_ part: MessagePart, _ digest: BodyDigest) {
            (self.part, type, filename) = (part.index, part.mediaType, part.fileName)
            (length, sha256) = (digest.length, digest.sha256)
        }

        init(_ file: UUFile, in part: MessagePart) {
            (self.part, type, filename) = (part.index, ContentType.of(fileName: file.name), file.name)
            length = file.bytes.count
            sha256 = SHA256Text.of(SHA256.hash(data: file.bytes))
        }
    }

    let file: String
    let size: Int
    let headers: [FieldRecord]
    let body: PartRecord
    @Nullable var text: String?
    @Nullable var html: String?
    let attachments: [Attachment]
    let defects: [Defect]

    init(_ message: ParsedMessage, file: String) {
        self.file = file
        let digests = BodyDigests(message)
        size = message.size
        headers = message.root.fields.map { FieldRecord($0) }
        body = PartRecord(message.root, digests, depth: 0)
        text = message.text
        html = message.html
        attachments =
            message.view.attachments.map { Attachment($0, digests[$0]) }
            + message.allParts.flatMap { part in part.uuencodedFiles.map { Attachment($0, in: part) } }
        let bodies = message.allParts.filter { !$0.isMultipart && !$0.isMessage }.flatMap { part in
            let kinds =
                part.mediaType.hasPrefix("text/")
                ? part.decodedText().defects : [digests[part].defect].compactMap { $0 }
            return kinds.map { Defect(kind: $0.rawValue, offset: part.bodyRange.lowerBound) }
        }
        defects = message.defects.map { Defect(kind: $0.kind.rawValue, offset: $0.offset) } + bodies
    }
}

/// A header field: as it is written, in one line, and where it has a structure what that says.
struct FieldRecord: Encodable {
    let name: String
    let raw: String
    let decoded: String
    let reading: HeaderReading?
    let offset: Int
    let length: Int

    init(_ field: MessageField) {
        let raw = field.rawValue
        name = field.name
        self.raw = String(decoding: raw, as: UTF8.self)
        decoded = field.text
        reading = HeaderReading.Form(fieldName: field.name).map { HeaderReading(raw, as: $0) }
        offset = field.range.lowerBound
        length = field.range.count
    }
}

/// A part and what is inside of it. Places are octets from the start of the message; inside of an encoded message, from
/// its start.
struct PartRecord: Encodable {
    struct Decoded: Encodable {
        let length: Int
        let sha256: String
    }

    struct Place: Encodable {
        let offset: Int
        let length: Int
    }

    /// No message is taken apart deeper, encoded messages within encoded messages included.
    private static let deepest = 100

    let part: Int
    let type: String
    let params: [String: String]
    @Nullable var encoding: String?
    @Nullable var disposition: String?
    @Nullable var filename: String?
    @Nullable var charset: String?
    let offset: Int
    let length: Int
    let header: Place
    let headers: [FieldRecord]
    @Nullable var decoded: Decoded?
    let external: ExternalBodyRecord?
    let parts: [PartRecord]

    init(_ part: MessagePart, _ digests: BodyDigests, depth: Int) {
        self.part = part.index
        type = part.mediaType
        params = Dictionary((part.contentType?.parameters ?? []).map { ($0.name, $0.value) }) { first, _ in first }
        encoding = part.field("content-transfer-encoding")?.text.lowercased()
        disposition = part.disposition?.value
        filename = part.fileName
        charset = part.charset
        (offset, length) = (part.bodyRange.lowerBound, part.bodyRange.count)
        header = Place(offset: part.headerRange.lowerBound, length: part.headerRange.count)
        headers = part.fields.map { FieldRecord($0) }
        if part.isMultipart, !part.parts.isEmpty {
            decoded = nil
        } else {
            decoded = Decoded(length: digests[part].length, sha256: digests[part].sha256)
        }
        external = part.externalBody.map { ExternalBodyRecord($0) }
        if depth < Self.deepest, let encoded = part.encodedMessage() {
            parts = [PartRecord(encoded.root, BodyDigests(encoded), depth: depth + 1)]
        } else {
            parts = part.parts.map { PartRecord($0, digests, depth: depth + 1) }
        }
    }
}

/// A value that is written as `null` where there is none: who reads the JSON finds every key.
@propertyWrapper
struct Nullable<Value: Encodable>: Encodable {
    var wrappedValue: Value?

    init(wrappedValue value: Value?) {
        wrappedValue = value
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(wrappedValue)
    }
}
