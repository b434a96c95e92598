import Glibc

/// The editor of whoever sits at the terminal, for a message that no option and no input gives.
enum TextEditor {
    /// - Returns: subject and text as they were left.
    /// - Throws: `InputError` where there is no editor, it failed, or nothing was written.
    static func write(subject: String) throws -> (subject: String, text: String?) {
        guard let editor = variable("VISUAL") ?? variable("EDITOR") else {
            throw InputError(.usage, "there is no text; give --text, or name an editor in $VISUAL or $EDITOR")
        }
        var template = Array("/tmp/martlet-XXXXXX.eml\0".utf8CString.dropLast())
        let descriptor = mkstemps(&template, 4)
        guard descriptor >= 0 else {
            throw InputError(.inputOutput, "no file for the editor: \(String(cString: strerror(errno)))")
        }
        let path = String(decoding: template.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        defer { unlink(path) }
        let start = Array("Subject: \(subject)\n\n".utf8)
        let written = Glibc.write(descriptor, start, start.count)
        close(descriptor)
        guard written == start.count else { throw InputError(.inputOutput, "\(path) cannot be written") }
        try run(editor, path)
        return try parse(InputFile.text(of: path))
    }

    /// The first line is the subject where it begins so.
    static func parse(_ text: String) throws -> (subject: String, text: String?) {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        var subject = ""
        if let first = lines.first, first.lowercased().hasPrefix("subject:") {
            subject = String(first.dropFirst("subject:".count).drop { $0 == " " })
            lines.removeFirst()
            if lines.first?.isEmpty == true { lines.removeFirst() }
        }
        let body = lines.joined(separator: "\n")
        guard body.contains(where: { !$0.isWhitespace }) else {
            throw InputError(.cannotCreate, "nothing was written, and nothing is sent")
        }
        return (subject, body)
    }

    private static func run(_ editor: String, _ path: String) throws {
        let words: [String] = ["/bin/sh", "-c", "\(editor) \"$0\"", path]
        let arguments = words.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var identifier: pid_t = 0
        var status: Int32 = 0
        guard posix_spawn(&identifier, "/bin/sh", nil, nil, arguments, environ) == 0 else {
            throw InputError(.system, "the editor '\(editor)' cannot be started: \(String(cString: strerror(errno)))")
        }
        while waitpid(identifier, &status, 0) < 0, errno == EINTR {}
        guard status == 0 else { throw InputError(.cannotCreate, "the editor '\(editor)' failed; nothing is sent") }
    }

    private static func variable(_ name: String) -> String? {
        guard let value = getenv(name), value[0] != 0 else { return nil }
        return String(cString: value)
    }
}
