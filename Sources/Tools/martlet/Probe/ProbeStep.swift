import MailCore
import SMTPCore

/// What one step of a probe found out.
struct ProbeStep: Encodable {
    enum Verdict: String, Encodable {
        case ok, warning, failed
    }

    let type = "step"
    let step: String
    var verdict = Verdict.ok
    /// For people; what remotes said in it may hold anything.
    var lines: [String]
    /// How long it took; nil where nothing was waited for.
    var milliseconds: Double?
    var replyCode: Int?
    var replyStatus: String?
    /// The keywords of EHLO with their parameters.
    var extensions: [String: [String]]?
    var tls: ProbeTLS?

    private enum CodingKeys: String, CodingKey {
        case type, step, verdict, lines, milliseconds, extensions, tls
        case replyCode = "reply_code"
        case replyStatus = "reply_status"
    }

    init(_ step: String, verdict: Verdict = .ok, _ lines: [String], took time: Duration? = nil) {
        self.step = step
        self.verdict = verdict
        self.lines = lines
        milliseconds = time?.milliseconds
    }

    /// A step that a reply ended.
    init(_ step: String, _ reply: SMTPReply, took time: Duration) {
        self.init(step, verdict: reply.isPositive ? .ok : .failed, [reply.description], took: time)
        replyCode = reply.code
        replyStatus = reply.status?.description
    }
}

/// How a probe ended.
struct ProbeResult: Encodable {
    let type = "result"
    let verdict: ProbeStep.Verdict
    let text: String
    /// The stage that failed.
    var stage: String?
    let exitCode: Int32

    private enum CodingKeys: String, CodingKey {
        case type, verdict, text, stage
        case exitCode = "exit_code"
    }
}

/// A line of the dialogue.
struct ProbeLine: Encodable {
    let type = "dialogue"
    let direction: String
    let text: String
}
