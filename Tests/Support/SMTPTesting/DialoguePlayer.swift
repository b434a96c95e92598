/// The server's side of a dialogue: a bare machine, or a server at the other end of a socket.
public protocol DialoguePeer {
    mutating func send(_ octets: [UInt8]) throws
    /// The next line that the server has sent, without its CRLF; nil when it has closed.
    mutating func nextLine() throws -> String?
}

/// Plays the client's side of a dialogue, and compares what comes back with what must come.
public struct DialoguePlayer<Peer: DialoguePeer> {
    public private(set) var peer: Peer
    private var transcript: [String] = []
    private var unsent: [UInt8] = []

    public init(_ peer: Peer) {
        self.peer = peer
    }

    /// Commands without an expected line between them are sent as one group.
    public mutating func play(_ dialogue: Dialogue) throws {
        for step in dialogue.steps {
            switch step {
            case .send(let octets): unsent += octets
            case .expect(let beginning): try expect(beginning)
            case .expectClose:
                try flush()
                if let line = try peer.nextLine() { throw failure("the server has not closed but said: \(line)") }
            case .stored: break
            }
        }
        try flush()
    }

    /// The server's lines so far.
    public private(set) var lines: [String] = []

    private mutating func flush() throws {
        guard !unsent.isEmpty else { return }
        transcript.append("C: " + String(decoding: unsent.prefix(200), as: UTF8.self).debugDescription)
        try peer.send(unsent)
        unsent = []
    }

    private mutating func expect(_ beginning: String) throws {
        try flush()
        let line = try nextLine(instead: beginning)
        guard Self.matches(line, beginning) else { throw failure("`\(line)` came in place of `\(beginning)`") }
        let isOneLine = beginning.utf8.dropFirst(3).first == UInt8(ascii: "-")
        var last = line
        while !isOneLine, Self.isContinued(last) { last = try nextLine(instead: "the end of the reply") }
    }

    private mutating func nextLine(instead: String) throws -> String {
        guard let line = try peer.nextLine() else { throw failure("the server closed in place of `\(instead)`") }
        transcript.append("S: " + line)
        lines.append(line)
        return line
    }

    private static func isContinued(_ line: String) -> Bool { line.utf8.dropFirst(3).first == UInt8(ascii: "-") }

    private static func matches(_ line: String, _ beginning: String) -> Bool {
        if line.hasPrefix(beginning) { return true }
        // `250 text` stands for a whole reply, whose first line may have a hyphen there.
        return isContinued(line) && (line.prefix(3) + " " + line.dropFirst(4)).hasPrefix(beginning)
    }

    private func failure(_ text: String) -> DialogueFailure {
        DialogueFailure("\(text)\n  \(transcript.suffix(30).joined(separator: "\n  "))")
    }
}
