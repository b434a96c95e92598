import NIOCore
import SMTPClient
import SMTPCore
import SMTPTutor

/// Carries typed lines to the server and replies to the tutor, and shows what the tutor says.
final class TelnetSession {
    private let dialogue: SMTPDialogue
    private var tutor: DialogueTutor
    private let view: TelnetView
    private let patience: Duration
    private let practice: PracticeServer?
    private var lines: TypedLines
    private var hasEnded = false

    /// - Throws: `InputError` where there is no standard input.
    init(
        _ dialogue: SMTPDialogue, _ tutor: DialogueTutor, view: TelnetView, patience: Duration,
        practice: PracticeServer?
    ) throws {
        lines = try TypedLines()
        self.dialogue = dialogue
        self.tutor = tutor
        self.view = view
        self.patience = patience
        self.practice = practice
    }

    /// Returns when one side has ended the dialogue.
    func run() async {
        carryOut(tutor.begin())
        while !hasEnded {
            if tutor.awaitsReply { await listen() } else { await speak() }
        }
        await dialogue.close()
    }

    private func listen() async {
        do {
            carryOut(tutor.received(try await dialogue.reply(within: patience, at: .idle)))
            if let message = practice?.takeMessage() { view.message(message) }
            if !dialogue.isOpen, !tutor.awaitsReply, await dialogue.unaskedReply() == nil {
                carryOut(tutor.serverClosed())
            }
        } catch let failure as SessionFailure where failure.reason == .timedOut {
            carryOut(tutor.silenceGrew())
        } catch let failure as SessionFailure where failure.reason != .closedByServer {
            view.remark("That is no SMTP: \(failure)")
            carryOut(tutor.serverClosed())
        } catch {
            carryOut(tutor.serverClosed())
        }
    }

    private func speak() async {
        view.prompt(isInContent: tutor.isInContent)
        guard let line = lines.next(limit: DialogueTutor.longestLine) else { return carryOut(tutor.inputEnded()) }
        view.typed(line)
        while let reply = await dialogue.unaskedReply() { carryOut(tutor.received(reply)) }
        carryOut(tutor.typed(line))
    }

    private func carryOut(_ actions: [TutorAction]) {
        for action in actions {
            switch action {
            case .send(let octets): dialogue.send(ByteBuffer(bytes: octets))
            case .end: hasEnded = true
            case .spoken, .reply, .note, .next: view.show(action)
            }
        }
    }
}
