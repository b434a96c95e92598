import MailSASL
import NIOCore
import SMTPCore

extension SessionProbe {
    /// Logs in (RFC 4954). Neither dialogue nor steps show the secret.
    func logIn(_ login: ProbeLogin) async throws {
        let offered = Set((extensions.keywords["AUTH"] ?? []).compactMap { SASLMechanism(rawValue: $0.uppercased()) })
        let mechanism = try mechanism(login, of: offered)
        var exchange = SASLClient(
            mechanism, login.credentials, offered: offered,
            nonce: SASLBase64.encode((0..<18).map { _ in UInt8.random(in: 0...255) }), host: options.encryption.host,
            channelBinding: channelBinding)
        let initial = exchange.initialResponse().map { $0.isEmpty ? "=" : SASLBase64.encode($0) }
        let start = ContinuousClock.now
        var reply = try await ask(
            .auth, ["AUTH \(mechanism.rawValue)", initial].compactMap(\.self).joined(separator: " "),
            shown: "AUTH \(mechanism.rawValue)" + (initial == nil ? "" : " [secret]"))
        while reply.severity == .positiveIntermediate {
            reply = try await ask(.auth, response(to: reply, &exchange), shown: "[secret]")
        }
        var step = ProbeStep("login", reply, took: ContinuousClock.now - start)
        let user = login.credentials.user.isEmpty ? "" : "\(login.credentials.user) "
        step.lines = ["\(user)by \(mechanism.rawValue): \(reply.withoutSecrets)"]
        report.add(step)
        try check(reply, .auth)
        guard exchange.isComplete else {
            throw ProbeEnd.failed(.protocol, stage: "auth", "the server has not shown that it knows the secret, too")
        }
        try end(.auth)
    }

    /// The answer to a challenge; `*`, which gives the exchange up, where the server cannot be believed.
    private func response(to reply: SMTPReply, _ exchange: inout SASLClient) -> String {
        guard let challenge = SASLBase64.decode(reply.lines.first ?? ""),
            let response = try? exchange.respond(to: challenge)
        else { return "*" }
        return SASLBase64.encode(response)
    }

    private func mechanism(_ login: ProbeLogin, of offered: Set<SASLMechanism>) throws -> SASLMechanism {
        let fitting = SASLClient.mechanisms(
            for: login.credentials, channelBinding: channelBinding,
            showsSecrets: isEncrypted || login.mechanism != nil)
        let wanted = login.mechanism.map { [$0] } ?? fitting
        if let mechanism = wanted.first(where: { offered.contains($0) && fitting.contains($0) }) { return mechanism }
        let text =
            login.mechanism.map { "\($0.rawValue) is not offered here" }
            ?? "no mechanism is offered by which the password can be proved without showing it"
        report.add(ProbeStep("login", verdict: .failed, [text]))
        throw ProbeEnd.failed(.unavailable, stage: "auth", text)
    }

    private func ask(_ stage: ProbeStage, _ line: String, shown: String) async throws -> SMTPReply {
        report.dialogue(sent: shown)
        return try await exchange(stage, ByteBuffer(string: "\(line)\r\n")).reply
    }
}
