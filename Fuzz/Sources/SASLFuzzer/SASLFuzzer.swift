import Foundation
import FuzzDriver
import MailSASL

/// What strangers say in an exchange of SASL, as clients and as servers. Nobody gets in whom the users do not know, no
/// server is believed that does not know the password, and an exchange ends.
///
/// The first octet chooses side and mechanism; what follows is said in pieces that `separator` divides.
@main
enum SASLFuzzer {
    private static let separator: UInt8 = 0xFF
    /// Steps beyond those of the longest mechanism; an exchange that goes on longer has no end.
    private static let steps = 8
    private static let binding = SASLChannelBinding(octets: [1, 2, 3, 4])
    /// Keys that no password leads to.
    private static let keys = { (hash: ScramHash) in
        let key = [UInt8](repeating: 0x5A, count: hash == .sha256 ? 32 : 20)
        return ScramKeys(hash: hash, iterations: 4_096, salt: [9, 8, 7, 6], storedKey: key, serverKey: key)
    }

    static func main() throws {
        try FuzzDriver.main(seeds: seeds) { input in
            guard let choice = input.first else { return false }
            let mechanisms = SASLMechanism.allCases
            let mechanism = mechanisms[Int(choice & 0x7F) % mechanisms.count]
            let said = input.dropFirst().split(
                separator: separator, maxSplits: steps, omittingEmptySubsequences: false
            ).map(Array.init)
            if choice < 0x80 {
                playClients(mechanism, said)
            } else {
                playServers(mechanism, said)
            }
            return true
        }
    }

    private static var seeds: [String: Data] {
        let clients: [SASLMechanism: String] = [
            .plain: "\0ann\0secret", .login: "~ann~secret", .cramMD5: "~ann 00112233445566778899aabbccddeeff",
            .scramSHA256: "n,,n=ann,r=abc~c=biws,r=abcnonce,p=AAAA",
            .oauthBearer: "n,a=ann,\u{1}auth=Bearer t\u{1}\u{1}",
            .scramSHA256Plus: "p=tls-server-end-point,,n=ann,r=abc~c=cA==,r=abcnonce,p=AAAA",
            .xoauth2: "user=ann\u{1}auth=Bearer t\u{1}\u{1}", .external: "ann",
        ]
        let servers: [SASLMechanism: String] = [
            .scramSHA256: "r=noncexyz,s=CQgHBg==,i=4096~v=AAAA",
            .scramSHA1: "r=noncexyz,s=CQgHBg==,i=4096~e=other-error",
            .login: "User Name~Password", .cramMD5: "<1@mail.example>",
        ]
        var seeds: [String: Data] = [:]
        for (mechanism, text) in clients { seeds["client-\(mechanism.rawValue)"] = seed(mechanism, text, 0) }
        for (mechanism, text) in servers { seeds["server-\(mechanism.rawValue)"] = seed(mechanism, text, 0x80) }
        return seeds
    }

    private static func seed(_ mechanism: SASLMechanism, _ text: String, _ side: UInt8) -> Data {
        let choice = UInt8(SASLMechanism.allCases.firstIndex(of: mechanism) ?? 0) | side
        return Data([choice] + text.utf8.map { $0 == UInt8(ascii: "~") ? separator : $0 })
    }

    /// Clients that know no secret: what they show is never right, so they never succeed.
    private static func playClients(_ mechanism: SASLMechanism, _ responses: [[UInt8]]) {
        var server = SASLServer(mechanism, nonce: "nonce", host: "mail.example", channelBinding: binding)
        for response in responses {
            var step = server.respond(to: response)
            if case .ask(let question) = step { step = server.answer(answer(to: question)) }
            switch step {
            case .challenge(let challenge):
                expect(challenge.count <= 2 * (response.count + 256), "\(challenge.count) octets of challenge")
            case .ask(let question): expect(false, "asked \(question) behind an answer")
            case .succeeded(let user): expect(false, "\(user) got in")
            case .failed: return
            }
        }
        expect(responses.count <= steps, "the exchange has no end")
    }

    private static func answer(to question: SASLQuestion) -> SASLAnswer {
        switch question {
        case .keys(let user, let hash): .keys(keys(hash), user: user)
        case .secret(let user): .secret("only the user knows", user: user)
        case .password, .token, .certificate: .nobody
        }
    }

    /// Servers that do not know the password.
    private static func playServers(_ mechanism: SASLMechanism, _ challenges: [[UInt8]]) {
        // A client works for as many iterations as a server may ask for; a fuzzer has not that much time.
        guard !challenges.contains(where: { asksForMuchWork($0) }) else { return }
        var client = SASLClient(
            mechanism, .password(user: "ann", password: "secret"), offered: [mechanism], nonce: "nonce",
            channelBinding: binding)
        _ = client.initialResponse()
        for challenge in challenges {
            guard let response = try? client.respond(to: challenge) else { return }
            expect(response.count <= 2 * (challenge.count + 256), "\(response.count) octets of response")
            if mechanism.scramHash != nil { expect(!client.isComplete, "a server is believed that proved nothing") }
        }
    }

    private static func asksForMuchWork(_ challenge: [UInt8]) -> Bool {
        guard let text = String(validating: challenge, as: UTF8.self) else { return false }
        return text.split(separator: ",").contains { $0.hasPrefix("i=") && (Int($0.dropFirst(2)) ?? 0) > 5_000 }
    }
}
