import FoundationEssentials
import MailCertificates
import MailCore
import MailServer
import SMTPClient

extension SessionProbe {
    /// Says STARTTLS, makes the handshake, and says hello again (RFC 3207 §4.2).
    func startTLS() async throws {
        let answer = try await ask(.tls, "STARTTLS")
        guard answer.reply.isPositive else {
            report.add(ProbeStep("tls", answer.reply, took: answer.time))
            return try check(answer.reply, .tls)
        }
        try await encrypt()
        try end(.tls)
        isGreetedAgain = true
        try await hello()
    }

    /// Makes the handshake and tells what the server showed.
    func encrypt() async throws {
        guard let dialogue else { preconditionFailure("nothing is encrypted before there is a connection") }
        let (start, options) = (ContinuousClock.now, options.encryption)
        do {
            let handshake = try await dialogue.encrypt(
                as: options.host, offering: options.offer, within: self.options.timeout)
            let time = ContinuousClock.now - start
            let now = SystemClock.now()
            let chain = try await PresentedChain(
                handshake.certificates, host: options.host, roots: options.roots, now: now)
            report.add(ProbeStep(handshake, chain, host: options.host, now: now, took: time))
            if let file = options.certificateFile { try save(handshake.certificates, to: file) }
            (isEncrypted, channelBinding) = (true, handshake.session.channelBinding)
        } catch let error as SMTPError {
            report.add(ProbeStep("tls", verdict: .failed, [error.description], took: ContinuousClock.now - start))
            throw ProbeEnd.failed(.protocol, stage: "tls", "\(error). With --tls off it is spoken to in clear.")
        } catch let error as PresentedChainError {
            throw ProbeEnd.failed(.data, stage: "tls", "--tls-roots: \(error)")
        }
    }

    private func save(_ certificates: [[UInt8]], to file: String) throws {
        do {
            try Data(PresentedChain.pem(certificates).utf8).write(to: URL(filePath: file))
        } catch {
            throw ProbeEnd.failed(.cannotCreate, stage: "tls", "\(file) cannot be written")
        }
    }
}
