import MailMIME

/// A file that an option names, to be attached or shown within the HTML.
struct AttachedFile {
    let path: String
    let contentID: String?

    init(path: String) {
        self.path = path
        contentID = nil
    }

    /// - Parameter text: `ID=file`, or a file whose name is the ID.
    init(inline text: String) {
        let parts = text.split(separator: "=", maxSplits: 1)
        path = String(parts.last ?? "")
        contentID = parts.count == 2 ? String(parts[0]) : Self.name(of: path)
    }

    /// A regular file is read while it is sent; of a pipe the size is not known before it has been read.
    ///
    /// - Throws: `InputError` or `CompositionError`.
    func attachment() throws -> MailAttachment {
        let file = try InputFile(path)
        let content: MailAttachment.Content
        if let size = file.size {
            content = .file(path: path, size: size)
        } else {
            content = .bytes(try file.readAll())
        }
        return try MailAttachment(fileName: Self.name(of: path), contentID: contentID, content: content)
    }

    private static func name(of path: String) -> String {
        path.split(separator: "/").last.map(String.init) ?? path
    }
}
