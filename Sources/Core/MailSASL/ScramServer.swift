/// The server's side of SCRAM (RFC 5802 §5): two messages of each side. The password is never shown, and the client sees
/// that the server knew it.
struct ScramServer: Sendable {
    private enum State {
        case first
        case asking
        case last(ScramKeys, user: String, authenticated: String)
        case done(user: String)
        case over
    }

    let hash: ScramHash
    let nonce: String
    /// What the TLS session is bound by; nil where the server does not offer that.
    let channelBinding: SASLChannelBinding?
    /// Whether the client chose the mechanism that is bound.
    let bindsChannel: Bool

    private var state = State.first
    private var header: Substring = ""
    private var clientFirst: Substring = ""
    private var clientNonce: Substring = ""

    init(hash: ScramHash, nonce: String, channelBinding: SASLChannelBinding?, bindsChannel: Bool) {
        self.hash = hash
        self.nonce = nonce
        self.channelBinding = channelBinding
        self.bindsChannel = bindsChannel
    }

    mutating func respond(to response: [UInt8]) -> SASLServerStep {
        defer { if case .first = state { state = .over } }
        switch state {
        case .first:
            guard let text = String(validating: response, as: UTF8.self) else { return .failed(.malformed) }
            return takeFirst(text)
        case .last(let keys, let user, let authenticated):
            state = .over
            guard let text = String(validating: response, as: UTF8.self) else { return .failed(.malformed) }
            return takeLast(text, keys, user: user, authenticated)
        // The client has nothing more to say to what the server has proved (RFC 4954 §4).
        case .done(let user): return response.isEmpty ? .succeeded(user: user) : .failed(.malformed)
        case .asking, .over: return .failed(.malformed)
        }
    }

    /// `gs2-header client-first-message-bare`.
    private mutating func takeFirst(_ text: String) -> SASLServerStep {
        let parts = text.split(separator: ",", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, let flag = checkFlag(parts[0]) else { return .failed(.malformed) }
        if let failure = flag { return .failed(failure) }
        var message = ScramMessage(parts[2])
        guard let name = message.take("n").flatMap(ScramMessage.decodeName), let user = SASLPrep.prepare(name),
            !user.isEmpty, let nonce = message.take("r"), ScramMessage.isNonce(nonce), message.hasOnlyExtensions
        else { return .failed(.malformed) }
        if !parts[1].isEmpty {
            guard parts[1].hasPrefix("a="), let authorization = ScramMessage.decodeName(parts[1].dropFirst(2)) else {
                return .failed(.malformed)
            }
            // Some clients name an empty one where they mean none.
            guard authorization.isEmpty || SASLPrep.prepare(authorization) == user else { return .failed(.wrong) }
        }
        header = text[..<parts[2].startIndex]
        clientFirst = parts[2]
        clientNonce = nonce
        state = .asking
        return .ask(.keys(user: user, hash))
    }

    /// What the client says of channel binding (RFC 5802 §6): nil where it is no such flag, else whether it is refused.
    private func checkFlag(_ flag: Substring) -> SASLServerFailure?? {
        switch flag {
        case "n": .some(bindsChannel ? .malformed : nil)
        // The client could bind and thinks that we cannot, though we said so: somebody changed what we said.
        case "y": .some(bindsChannel || channelBinding != nil ? .wrong : nil)
        default:
            flag.hasPrefix("p=")
                ? .some(bindsChannel && flag == "p=\(SASLChannelBinding.name)" ? nil : .malformed) : nil
        }
    }

    mutating func answer(_ keys: ScramKeys, user: String) -> SASLServerStep {
        guard case .asking = state, keys.hash == hash else { return .failed(.unavailable) }
        let serverFirst = "r=\(clientNonce)\(nonce),s=\(SASLBase64.encode(keys.salt)),i=\(keys.iterations)"
        state = .last(keys, user: user, authenticated: "\(clientFirst),\(serverFirst)")
        return .challenge(Array(serverFirst.utf8))
    }

    /// `c=…,r=…,p=…`.
    private mutating func takeLast(
        _ text: String, _ keys: ScramKeys, user: String, _ authenticated: String
    ) -> SASLServerStep {
        guard let proofStart = text.lastIndex(of: ",") else { return .failed(.malformed) }
        var message = ScramMessage(text[..<proofStart])
        var end = ScramMessage(text[text.index(after: proofStart)...])
        guard let binding = message.take("c"), let nonce = message.take("r"), message.hasOnlyExtensions,
            let proof = end.take("p").flatMap(SASLBase64.decode)
        else { return .failed(.malformed) }
        let expected = ScramMessage.binding(header: header, bindsChannel ? channelBinding : nil)
        let signed = Array("\(authenticated),\(text[..<proofStart])".utf8)
        let isRight = keys.accept(proof: proof, of: signed)
        guard isRight, binding == expected, nonce == "\(clientNonce)\(self.nonce)",
            !bindsChannel || channelBinding != nil
        else { return .failed(.wrong) }
        state = .done(user: user)
        return .challenge(Array("v=\(SASLBase64.encode(keys.signature(of: signed)))".utf8))
    }
}
