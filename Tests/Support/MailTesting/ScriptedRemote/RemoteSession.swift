import Foundation

/// One session of a `ScriptedRemote`, on a thread of its own.
final class RemoteSession {
    /// Where the session says what happens.
    struct Recorder: Sendable {
        let say: @Sendable (String) -> Void
        /// A message has been read to its end; returns its number.
        let message: @Sendable (RemoteMessage) -> Int
        let taken: @Sendable (Int) -> Void
    }

    private static let contentBeforeStep = 64 * 1_024
    private let socket: SessionSocket
    private var script: RemoteScript
    /// For how many more transactions the script is.
    private var transactionsLeft: Int
    private let isLMTP: Bool
    private let recorder: Recorder
    private var message: RemoteMessage?
    private var addresses: [String] = []

    init(
        _ socket: SessionSocket, script: RemoteScript, transactions: Int, isLMTP: Bool, recorder: Recorder
    ) {
        self.socket = socket
        self.script = transactions > 0 ? script : script.wellBehaved
        transactionsLeft = transactions
        self.isLMTP = isLMTP
        self.recorder = recorder
    }

    func run() {
        guard answer(.greeting, "220 remote.example.net ESMTP") else { return }
        while let line = socket.line() {
            let command = String(decoding: line, as: UTF8.self).trimmingCharacters(in: .newlines)
            recorder.say("C: \(command)")
            guard obey(command) else { return }
        }
    }

    /// Does what the command asks for.
    ///
    /// - Returns: whether the session goes on.
    private func obey(_ command: String) -> Bool {
        switch command.prefix(4).uppercased() {
        case "EHLO", "LHLO": return answer(.hello, hello)
        case "MAIL":
            if transactionsLeft == 0 { script = script.wellBehaved }
            transactionsLeft = max(transactionsLeft - 1, 0)
            (message, addresses) = (RemoteMessage(mail: command), [])
            if case .answer = script.behaviours[.mail] { message = nil }
            return answer(.mail, "250 2.1.0 Ok")
        case "RCPT": return recipient(command)
        case "DATA": return data()
        case "BDAT": return chunk(command)
        case "QUIT":
            guard answer(.quit, "221 2.0.0 Bye") else { return false }
            socket.finish()
            return false
        case "RSET", "HELO", "NOOP": return say("250 2.0.0 Ok")
        default: return say("502 5.5.1 Not known here")
        }
    }

    private var hello: String {
        let lines = ["remote.example.net"] + script.extensions
        return lines.dropLast().map { "250-\($0)\r\n" }.joined() + "250 \(lines[lines.count - 1])"
    }

    private func recipient(_ command: String) -> Bool {
        let address = command.firstMatch(of: /<([^>]*)>/).map { String($0.1) } ?? ""
        guard message != nil else { return say("503 5.5.1 MAIL first") }
        if let reply = script.recipientAnswers[address] { return say(reply) }
        if script.behaviours[.recipient] == nil {
            message?.recipients.append(command)
            addresses.append(address)
        }
        return answer(.recipient, "250 2.1.5 Ok")
    }

    private func data() -> Bool {
        guard !addresses.isEmpty else { return say("554 5.5.1 No valid recipients") }
        guard answer(.data, "354 Go on") else { return false }
        guard script.behaviours[.data] == nil else { return true }
        while let line = socket.line() {
            if line == Data(".\r\n".utf8) { return endOfData() }
            message?.content.append(line.first == UInt8(ascii: ".") ? line.dropFirst() : line)
            guard contentMayGoOn() else { return false }
        }
        return false
    }

    private func chunk(_ command: String) -> Bool {
        let words = command.split(separator: " ")
        guard words.count > 1, let octets = Int(words[1]).flatMap({ socket.octets($0) }) else { return false }
        guard !addresses.isEmpty else { return say("554 5.5.1 No valid recipients") }
        message?.content.append(octets)
        guard contentMayGoOn() else { return false }
        return words.count == 3 ? endOfData() : say("250 2.0.0 Ok")
    }

    private func contentMayGoOn() -> Bool {
        guard script.behaviours[.content] != nil, let message, message.content.count > Self.contentBeforeStep else {
            return true
        }
        return answer(.content, "")
    }

    private func endOfData() -> Bool {
        guard let message else { return say("503 5.5.1 MAIL first") }
        let number = recorder.message(message)
        self.message = nil
        guard script.behaviours[.endOfData] == nil else { return answer(.endOfData, "") }
        for address in isLMTP ? addresses : ["all"] {
            let reply = script.contentAnswers[address] ?? "250 2.0.0 Taken for \(address)"
            if reply.hasPrefix("2") { recorder.taken(number) }
            guard say(reply) else { return false }
        }
        return true
    }

    /// Answers well, or does what the script says of this step.
    private func answer(_ step: RemoteScript.Step, _ reply: String) -> Bool {
        switch script.behaviours[step] {
        case nil: return say(reply)
        case .answer(let reply): return say(reply)
        case .hangUp: break
        case .hangUpAfter(let octets): say(octets, end: "")
        case .flood(let octets): flood(octets)
        case .trickle(let reply): return trickle(reply)
        case .silence: while socket.line() != nil {}
        }
        recorder.say("-- hangs up")
        return false
    }

    @discardableResult
    private func say(_ reply: String, end: String = "\r\n") -> Bool {
        recorder.say("S: \(reply.replacing("\r\n", with: "\nS: "))")
        guard socket.send(reply + end) else { return false }
        guard reply.hasPrefix("421") else { return true }
        socket.finish()
        return false
    }

    private func flood(_ octets: Int) {
        let line = "250-" + String(repeating: "x", count: 74) + "\r\n"
        let block = String(repeating: line, count: 800)
        for _ in 0..<(octets / block.utf8.count + 1) {
            guard socket.send(block) else { return }
        }
    }

    private func trickle(_ reply: String) -> Bool {
        for character in reply + "\r\n" {
            guard socket.send(String(character)) else { return false }
            sleep(1)
        }
        return true
    }
}
