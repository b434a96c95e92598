import Foundation
import MailCore
import MailMIME
import MailTesting
import SMTPClient
import Testing

@Suite struct SendmailTransportTests {
    private let folder: TemporaryDirectory
    private let message: MailMessage

    init() throws {
        folder = try TemporaryDirectory()
        message = try MailMessage(
            from: "Shop <shop@client.example>", to: ["ann@mx.example"], bcc: ["-audit@mx.example"], subject: "Grüße",
            text: "Line\n.\nend")
    }

    /// A program that keeps its arguments and its input, and then does what `script` says.
    private func mailer(_ script: String = "exit 0", timeout: Duration = .seconds(240)) throws -> Mailer {
        let text =
            "#!/bin/sh\nfor word; do echo \"$word\"; done >'\(folder.path("arguments"))'\n"
            + "cat >'\(folder.path("input"))'\n\(script)\n"
        return try mailer(running: text, timeout: timeout)
    }

    private func mailer(running text: String, timeout: Duration = .seconds(240)) throws -> Mailer {
        let program = try folder.write(Data(text.utf8), to: "sendmail")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
        return Mailer(transport: SendmailTransport(program: program), timeout: timeout)
    }

    private func kept(_ name: String) throws -> String {
        try String(contentsOfFile: folder.path(name), encoding: .utf8)
    }

    @Test func theEnvelopeStandsInTheArgumentsAndTheMessageComesWithLineFeeds() async throws {
        let receipt = try await mailer().send(message)
        #expect(receipt.accepted.count == 2)
        let arguments = try kept("arguments").split(separator: "\n")
        #expect(arguments == ["-i", "-f", "shop@client.example", "--", "ann@mx.example", "-audit@mx.example"])
        let sent = String(decoding: message.bytes, as: UTF8.self)
        #expect(try kept("input") == sent.replacing("\r\n", with: "\n"))
    }

    @Test func whatTheSenderWantsToHearIsHandedOn() async throws {
        var envelope = Envelope(for: message)
        envelope.reversePath = .null
        envelope.options.return = .headers
        envelope.options.envelopeID = "order 42"
        for index in envelope.recipients.indices { envelope.recipients[index].notify = [.success, .delay] }
        try await mailer().send(message, envelope: envelope)
        let arguments = try kept("arguments").split(separator: "\n").prefix { $0 != "--" }
        #expect(arguments == ["-i", "-f", "<>", "-N", "success,delay", "-R", "hdrs", "-V", "order 42"])

        envelope.recipients[0].notify = .never
        let error = try await #require(throws: SMTPError.self) {
            try await mailer().send(message, envelope: envelope)
        }
        #expect(error.description.contains("differ") && !error.isTransient)
    }

    @Test(arguments: [(75, true, "4.3.0"), (67, false, "5.1.1"), (64, false, "5.3.0"), (127, true, "4.3.0")])
    func theExitStatusSaysWhatCameOfIt(status: Int, isTransient: Bool, code: String) async throws {
        let error = try await #require(throws: SMTPError.self) {
            try await mailer("echo no such thing >&2; exit \(status)").send(message)
        }
        #expect(error.isTransient == isTransient && !error.isUncertain)
        #expect(error.reply?.status?.description == code)
        #expect(error.description.contains("exit status \(status): no such thing"))
        #expect(error.recipients.map(\.isTransient) == [isTransient, isTransient])
    }

    @Test func aProgramThatDoesNotReadTellsWhyNot() async throws {
        let large = try MailMessage(
            from: message.from, to: message.to, subject: "large", text: String(repeating: "x\n", count: 200_000))
        let mailer = try mailer(running: "#!/bin/sh\nexec <&-\necho no >&2\nexit 65\n")
        let error = try await #require(throws: SMTPError.self) { try await mailer.send(large) }
        #expect(error.description.contains("exit status 65: no") && !error.isTransient)
    }

    @Test func aProgramThatIsKilledMayHaveTheMessage() async throws {
        let error = try await #require(throws: SMTPError.self) { try await mailer("kill -KILL $$").send(message) }
        #expect(error.isUncertain && error.isTransient && error.description.hasSuffix("/sendmail was killed"))
    }

    @Test func aProgramThatDoesNotEndIsKilledAtTheDeadline() async throws {
        let mailer = try mailer("kill -STOP $$", timeout: .milliseconds(500))
        let error = try await #require(throws: SMTPError.self) { try await mailer.send(message) }
        #expect(error.reply == nil && error.description.hasSuffix("/sendmail did not end in time and was killed"))
        #expect(error.recipients.map(\.isTransient) == [true, true])
    }

    @Test func whoIsCancelledLeavesNoHalfMessageToAProgram() async throws {
        let ready = folder.path("ready")
        let mailer = try mailer(
            running: "#!/bin/sh\necho $$ >'\(ready).new' && mv '\(ready).new' '\(ready)'\nkill -STOP $$\ncat\n")
        let large = try MailMessage(
            from: message.from, to: message.to, subject: "large", text: String(repeating: "x\n", count: 100_000))
        let sending = Task { try await mailer.send(large) }
        while !FileManager.default.fileExists(atPath: ready) { await Task.yield() }
        sending.cancel()
        await #expect(throws: CancellationError.self) { try await sending.value }
        let process = try #require(Int32(kept("ready").dropLast()))
        #expect(kill(process, 0) != 0 && errno == ESRCH)
    }

    @Test func aProgramThatIsNotThereIsNamed() async throws {
        let path = folder.path("none")
        let error = try await #require(throws: SMTPError.self) {
            try await Mailer(transport: SendmailTransport(program: path)).send(message)
        }
        #expect(error.description == "\(path) cannot be run: No such file or directory")
        #expect(!error.isTransient && error.hint != nil)
    }
}
