import MailCore
import NIOCore
import SMTPCore
import SMTPServer
import Synchronization

/// Decides as a test says, and writes down what it is told.
final class ScriptedDelegate: SMTPSessionDelegate {
    /// What happened to sessions, in order; may be read from any thread.
    final class Record: Sendable {
        private let lines = Mutex<[String]>([])

        var events: [String] { lines.withLock(\.self) }
        func add(_ event: String) { lines.withLock { $0.append(event) } }
    }

    typealias Decide = @Sendable (SMTPServerQuestion, SMTPAnswer) -> SMTPDecision
    typealias Take = @Sendable (ByteBuffer, SMTPResumption) -> SMTPFlow

    private let record: Record
    private let decide: Decide
    private let take: Take

    init(
        record: Record = Record(), decide: @escaping Decide = { question, _ in .now(question.usualVerdict) },
        take: @escaping Take = { _, _ in .ready }
    ) {
        self.record = record
        self.decide = decide
        self.take = take
    }

    func decide(_ question: SMTPServerQuestion, answer: SMTPAnswer) -> SMTPDecision {
        record.add("asked \(question.name)")
        return decide(question, answer)
    }

    func take(_ piece: ByteBuffer, resume: SMTPResumption) -> SMTPFlow {
        record.add("content \(String(buffer: piece))")
        return take(piece, resume)
    }

    func abandonTransaction() { record.add("abandoned") }
    func replied(_ reply: SMTPReply, to line: String?) { record.add("replied \(reply.code)") }
    func tlsFailed(_ reason: String) { record.add("TLS failed: \(reason)") }
    func handedOver(_ channel: any Channel) { record.add("handed over") }
    func sessionEnded() { record.add("ended") }
}

extension SMTPServerQuestion {
    var name: String {
        switch self {
        case .greeting: "greeting"
        case .hello: "hello"
        case .mail: "mail"
        case .recipient: "recipient"
        case .content: "content"
        case .message: "message"
        case .turn: "turn"
        case .verify, .expand, .status, .startQueue, .clientAttributes, .authenticate, .authenticationResponse:
            "another thing"
        }
    }

    var usualVerdict: SMTPServerVerdict { self == .greeting ? .welcome([]) : .accept() }
}

extension SMTPListenerConfiguration {
    /// A listener on a free port of the loopback.
    static func test(patience: Patience = Patience(), greetingDelay: Duration = .zero) -> SMTPListenerConfiguration {
        SMTPListenerConfiguration(
            name: "test", endpoint: .ip(.v4(.init(bits: 0x7F00_0001)), port: 0),
            machine: SMTPServerConfiguration(hostname: "mx.example.org"), patience: patience,
            greetingDelay: greetingDelay)
    }
}
