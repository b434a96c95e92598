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
            let bytes = part.decodedBody().bytes
            let name = try write(bytes, named: part.safeFileName)
            StandardOutput.print("\(path)/\(name)  \(part.mediaType)  \(bytes.count)".escapingControls)
        }
    }

    /// - Returns: the name that was free.
    private func write(_ bytes: [UInt8], named name: String) throws -> String {
        for number in 1...10_000 {
            let candidate = number == 1 ? name : Self.numbered(name, number)
            let file = open("\(path)/\(candidate)", O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o644)
            if file < 0, errno == EEXIST { continue }
            guard file >= 0 else { throw failure(candidate) }
            defer { close(file) }
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { throw failure(candidate) }
                rest = rest.dropFirst(count)
            }
            return candidate
        }
        throw ExitStatus.inputOutput.failing("\(path) has too many files called \(name); choose another folder")
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
