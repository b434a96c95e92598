import MailCore
import SMTPCore
import SMTPTutor
import Testing

import struct NIOCore.ByteBuffer

/// Plays a lesson: a learner's lines, and what a server says to them, and writes down what happens as a learner sees it.
struct Lesson {
    private(set) var tutor = DialogueTutor()
    /// What was sent, with its line ends.
    private(set) var sent = ""
    private(set) var hasEnded = false

    /// A lesson with a server that has greeted, where these lines were typed and each was answered well.
    static func after(_ lines: String...) throws -> Lesson {
        var lesson = Lesson()
        _ = try lesson.server("220 mx.example.org ESMTP")
        for line in lines {
            _ = lesson.type(line)
            if lesson.tutor.awaitsReply { _ = try lesson.server(line == "DATA" ? "354 Go on" : "250 Ok") }
        }
        return lesson
    }

    mutating func type(_ line: String) -> [String] { carryOut(tutor.typed(line)) }

    mutating func server(_ reply: String) throws -> [String] {
        var parser = ReplyParser()
        var buffer = ByteBuffer(string: reply.split(separator: "\n").joined(separator: "\r\n") + "\r\n")
        let reply = try #require(try parser.next(from: &buffer))
        return carryOut(tutor.received(reply))
    }

    mutating func endInput() -> [String] { carryOut(tutor.inputEnded()) }
    mutating func close() -> [String] { carryOut(tutor.serverClosed()) }
    mutating func wait() -> [String] { carryOut(tutor.silenceGrew()) }

    private mutating func carryOut(_ actions: [TutorAction]) -> [String] {
        actions.compactMap { action in
            switch action {
            case .send(let octets):
                sent += String(decoding: octets, as: UTF8.self)
                return nil
            case .spoken(let line): return "> \(line)"
            case .reply(let line, let gloss): return "< \(line)\(gloss.map { " | \($0)" } ?? "")"
            case .note(let text): return text
            case .next(let line): return "next: \(line)"
            case .end:
                hasEnded = true
                return nil
            }
        }
    }
}

extension [String] {
    func tells(_ text: String) -> Bool { contains { $0.contains(text) } }
}
