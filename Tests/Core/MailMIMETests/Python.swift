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

    static func parse(_ message: [UInt8]) throws -> ParsedMessage {
        let json = try run(reader, input: message)
        return try JSONDecoder().decode(ParsedMessage.self, from: Data(json))
    }

    // Names are decoded with the older functions: the newer ones of Python 3.11 keep the blank between encoded words.
    private static let reader = """
        import sys, json, base64, email, email.policy
        from email.header import decode_header, make_header
        from email.utils import getaddresses, collapse_rfc2231_value
        wire = sys.stdin.buffer.read()
        m = email.message_from_bytes(wire, policy=email.policy.default)
        raw = email.message_from_bytes(wire)
        unfolded = lambda n: [v.replace('\\r\\n', '') for v in raw.get_all(n, [])]
        decoded = lambda d: str(make_header(decode_header(d))) if d else ''
        mailboxes = lambda n: [[decoded(d), a] for d, a in getaddresses(unfolded(n))]
        file_name = lambda a: collapse_rfc2231_value(a.get_param('filename', None, 'content-disposition'))
        body = m.get_body()
        print(json.dumps({
            'fields': m.keys(), 'subject': m['Subject'], 'date': m['Date'], 'messageID': m['Message-ID'],
            'from': mailboxes('From'), 'to': mailboxes('To'), 'cc': mailboxes('Cc'),
            'text': base64.b64encode(body.get_payload(decode=True)).decode(),
            'attachments': [
                {'fileName': file_name(a), 'contentType': a.get_content_type(),
                 'bytes': base64.b64encode(a.get_payload(decode=True)).decode()} for a in m.iter_attachments()],
            'defects': [str(d) for p in m.walk() for d in p.defects]
                + [str(d) for v in m.values() for d in v.defects],
        }))
        """
}

/// What Python reads in a message.
struct ParsedMessage: Decodable {
    struct File: Decodable, Equatable {
        let fileName: String
        let contentType: String
        let bytes: Data
    }

    let fields: [String]
    let subject: String
    let date: String
    let messageID: String
    let from, to, cc: [[String]]
    let text: Data
    let attachments: [File]
    let defects: [String]
}
