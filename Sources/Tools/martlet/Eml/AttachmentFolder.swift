import Glibc
import MailCore
import MailMIME
import MailServer

/// A folder that attachments are written into. Nothing that is there is written over, and nothing goes elsewhere.
struct AttachmentFolder {
    let path: String

    func extract(_ message: ParsedMessage) throws {
        guard mkdir(path, 0o755) == 0 || errno == EEXIST else {
            throw ExitStatus.inputOutput.failing("\(path) cannot be made: \(MessageInput.reason())")
        }
        for part in message.view.attachments {
            try extract(part.safeFileName, part.mediaType) { write in try part.forEachDecodedPiece(write) }
        }
        for part in message.allParts {
            for file in part.uuencodedFiles {
                try extract(file.safeName(in: part), ContentType.of(fileName: file.name)) { try $0(file.bytes) }
            }
        }
    }

    /// - Parameter content: hands the octets on, piece by piece.
    private func extract(
        _ name: String, _ type: String, _ content: ((_ piece: [UInt8]) throws -> Void) throws -> Void
    ) throws {
        let (file, name) = try create(name)
        defer { close(file) }
        var size = 0
        try content { piece in
            try write(piece, to: file, name)
            size += piece.count
        }
        StandardOutput.print("\(path)/\(name)  \(type)  \(size)".escapingControls)
    }

    /// - Returns: an empty file, and the name that was free.
    private func create(_ name: String) throws -> (file: CInt, name: String) {
        for number in 1...10_000 {
            let candidate = number == 1 ? name : Self.numbered(name, number)
            let file = open("\(path)/\(candidate)", O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o644)
            if file < 0, errno == EEXIST { continue }
            guard file >= 0 else { throw failure(candidate) }
            return (file, candidate)
        }
        throw ExitStatus.inputOutput.failing("\(path) has too many files called \(name); choose another folder")
    }

    private func write(_ bytes: [UInt8], to file: CInt, _ name: String) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure(name) }
            rest = rest.dropFirst(count)
        }
    }

    private func failure(_ name: String) -> any Error {
        ExitStatus.inputOutput.failing("\(path)/\(name) cannot be written: \(MessageInput.reason())".escapingControls)
    }

    private static func numbered(_ name: String, _ number: Int) -> String {
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return "\(name)-\(number)" }
        return "\(name[..<dot])-\(number)\(name[dot...])"
    }
}

extension MessagePart {
    /// The name under which the part can be kept as a file.
    var safeFileName: String {
        let suffix: String
        switch mediaType {
        case "text/plain": suffix = ".txt"
        case "text/html": suffix = ".html"
        case "message/rfc822": suffix = ".eml"
        default: suffix = ""
        }
        return SafeFileName.make(fileName, fallback: "part-\(index)\(suffix)")
    }
}

extension UUFile {
    /// The name under which the file can be kept.
    func safeName(in part: MessagePart) -> String {
        SafeFileName.make(name, fallback: "part-\(part.index)-\(range.lowerBound)")
    }
}
