import MailCore

/// A file that travels with a message, beside the text or, with a content ID, within its HTML.
public struct MailAttachment: Hashable, Sendable {
    /// Where the octets of a file are.
    public enum Content: Hashable, Sendable {
        case bytes([UInt8])
        /// A file that is read while the message is written, and how many octets it has.
        case file(path: String, size: UInt64)

        /// In octets, before any encoding.
        public var size: UInt64 {
            switch self {
            case .bytes(let bytes): UInt64(bytes.count)
            case .file(_, let size): size
            }
        }
    }

    public let fileName: String
    /// `type/subtype`, without parameters.
    public let contentType: String
    /// By what the HTML names it, as `cid:` and this (RFC 2392); nil for an attachment beside the text.
    public let contentID: String?
    public let content: Content

    /// - Parameters:
    ///   - contentType: nil to tell it from the file name.
    ///   - contentID: printable ASCII without angle brackets; best of the form `left@right`.
    /// - Throws: `CompositionError.controlCharacter`, `.tooLong`, `.contentType` or `.contentID`.
    public init(
        fileName: String, contentType: String? = nil, contentID: String? = nil, content: Content
    ) throws(CompositionError) {
        try CompositionError.check(fileName, "file name")
        if let contentType, !ContentType.isAttachable(contentType) { throw .contentType(contentType) }
        if let contentID, !Self.isContentID(contentID) { throw .contentID(contentID) }
        self.fileName = fileName
        self.contentType = contentType ?? ContentType.of(fileName: fileName)
        self.contentID = contentID
        self.content = content
    }

    /// - Throws: as `init(fileName:contentType:contentID:content:)` does.
    public init(
        fileName: String, contentType: String? = nil, contentID: String? = nil, bytes: [UInt8]
    ) throws(CompositionError) {
        try self.init(fileName: fileName, contentType: contentType, contentID: contentID, content: .bytes(bytes))
    }

    private static func isContentID(_ text: String) -> Bool {
        (1...250).contains(text.utf8.count)
            && text.utf8.allSatisfy { $0 > ASCII.space && $0 < 0x7F && $0 != ASCII.less && $0 != ASCII.greater }
    }
}
