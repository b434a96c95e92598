import Foundation

/// Python's standard library as the judge: what it reads back, other mail programs read back.
enum Python {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Runs a script with `input` as its standard input and returns its standard output.
    static func run(_ script: String, input: [UInt8]) throws -> [UInt8] {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-S", "-E", "-c", script]
        let file = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try Data(input).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        process.standardInput = try FileHandle(forReadingFrom: file)
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failure(description: "python3 failed") }
        return [UInt8](data)
    }

    static func parse(_ message: [UInt8]) throws -> ParsedMessage { try parse([message])[0] }

    static func parse(_ messages: [[UInt8]]) throws -> [ParsedMessage] {
        let input = messages.flatMap { Array("\($0.count)\n".utf8) + $0 }
        let json = try run(reader, input: input)
        return try JSONDecoder().decode([ParsedMessage].self, from: Data(json))
    }

    // Names are decoded with the older functions: the newer ones of Python 3.11 keep the blank between encoded words.
    private static let reader = """
        import sys, json, base64, email, email.policy
        from email.header import decode_header, make_header
        from email.utils import getaddresses, collapse_rfc2231_value

        def structure(p):
            if not p.is_multipart(): return p.get_content_subtype()
            return p.get_content_subtype() + '(' + ' '.join(structure(q) for q in p.iter_parts()) + ')'

        def joined(text):  # RFC 3676
            lines, open_line = [], None
            for line in text.decode().split('\\r\\n')[:-1]:
                line = line[1:] if line.startswith(' ') else line
                whole = (open_line or '') + line
                open_line = whole if line.endswith(' ') and line != '-- ' else None
                if open_line is None: lines.append(whole)
            return ''.join(line + '\\r\\n' for line in lines + ([open_line] if open_line else [])).encode()

        def body(m, kind):
            part = m.get_body((kind,))
            if part is None: return None
            text = part.get_payload(decode=True)
            return base64.b64encode(joined(text) if part.get_param('format') == 'flowed' else text).decode()

        def parsed(wire):
            m = email.message_from_bytes(wire, policy=email.policy.default)
            raw = email.message_from_bytes(wire)
            unfolded = lambda n: [v.replace('\\r\\n', '') for v in raw.get_all(n, [])]
            decoded = lambda d: str(make_header(decode_header(d))) if d else ''
            mailboxes = lambda n: [[decoded(d), a] for d, a in getaddresses(unfolded(n))]
            file_name = lambda a: collapse_rfc2231_value(a.get_param('filename', None, 'content-disposition'))
            return {
                'fields': m.keys(), 'values': [str(v) for v in m.values()],
                'subject': m['Subject'], 'date': m['Date'], 'messageID': m['Message-ID'],
                'from': mailboxes('From'), 'to': mailboxes('To'), 'cc': mailboxes('Cc'),
                'replyTo': mailboxes('Reply-To'), 'structure': structure(m),
                'text': body(m, 'plain'), 'html': body(m, 'html'),
                'attachments': [
                    {'fileName': file_name(a), 'contentType': a.get_content_type(), 'contentID': a['Content-ID'],
                     'bytes': base64.b64encode(a.get_payload(decode=True)).decode()}
                    for a in m.walk() if a.get_content_disposition()],
                'defects': [str(d) for p in m.walk() for d in p.defects]
                    + [str(d) for v in m.values() for d in v.defects],
            }

        messages = []
        while size := sys.stdin.buffer.readline(): messages.append(parsed(sys.stdin.buffer.read(int(size))))
        print(json.dumps(messages))
        """
}

/// What Python reads in a message.
struct ParsedMessage: Decodable {
    struct File: Decodable, Equatable {
        let fileName: String
        let contentType: String
        var contentID: String?
        let bytes: Data
    }

    let fields: [String]
    let values: [String]
    let subject: String
    let date: String
    let messageID: String
    let from, to, cc, replyTo: [[String]]
    /// The content types as a tree: `mixed(alternative(plain html) pdf)`.
    let structure: String
    let text, html: Data?
    let attachments: [File]
    let defects: [String]

    /// The values of the fields of that name.
    subscript(name: String) -> [String] {
        zip(fields, values).filter { $0.0 == name }.map(\.1)
    }
}
