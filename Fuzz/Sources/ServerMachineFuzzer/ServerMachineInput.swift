import SMTPCore
import SMTPTesting

/// One input of the fuzzer: an octet that says which server, an octet that says how the network cuts, and what the client
/// sends.
struct ServerMachineInput {
    let configuration: SMTPServerConfiguration
    let policy: ScriptedPolicy
    let pieces: [Int]
    let octets: [UInt8]

    init?(_ input: UnsafeRawBufferPointer) {
        guard input.count >= 2, input.count <= 1 << 16 else { return nil }
        let choice = input[0]
        var configuration = SMTPServerConfiguration(hostname: "mail.example.org", kind: choice & 1 == 0 ? .smtp : .lmtp)
        configuration.bareLineFeeds = choice & 2 == 0 ? .refuse : .convert
        if choice & 8 != 0 {
            configuration.limits.commandLine = 64
            configuration.limits.errors = 5
            configuration.limits.recipients = 2
            configuration.limits.idleCommands = 8
            configuration.limits.content = .init(
                size: 200, lineLength: 40, headerSize: 100, headerFields: 5, receivedHops: 2)
        }
        configuration.offersBinary = choice & 16 != 0
        self.configuration = configuration
        policy = ScriptedPolicy(isTrusted: choice & 4 != 0)
        pieces = [Int(input[1] & 15) + 1, Int(input[1] >> 4) + 1]
        octets = Array(input[2...])
    }

    /// The input that plays a dialogue.
    static func seed(_ dialogue: Dialogue) -> [UInt8] {
        let options = dialogue.options
        let converts = options.machine.bareLineFeeds == .convert
        return [(options.isLMTP ? 1 : 0) | (converts ? 2 : 0) | (options.isTrusted ? 4 : 0), 0x52] + dialogue.input
    }
}
