/// A file that travels with a message.
public struct MailAttachment: Hashable, Sendable {
    public let fileName: String
    /// `type/subtype`, without parameters.
    public let contentType: String
    public let bytes: [UInt8]

    /// - Parameter contentType: nil to tell it from the file name.
    /// - Throws: `CompositionError.controlCharacter` or `.contentType`.
    public init(fileName: String, contentType: String? = nil, bytes: [UInt8]) throws(CompositionError) {
        try CompositionError.check(fileName, "file name")
        let contentType = contentType ?? ContentType.of(fileName: fileName)
        guard ContentType.isAttachable(contentType) else { throw .contentType(contentType) }
        self.fileName = fileName
        self.contentType = contentType
        self.bytes = bytes
    }
}
