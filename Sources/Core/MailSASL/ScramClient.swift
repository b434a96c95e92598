/// The client's side of SCRAM (RFC 5802 §5).
struct ScramClient: Sendable {
    private enum State {
        case first
        case last(serverSignature: [UInt8])
        case proven
    }

    private let hash: ScramHash
    private let password: String
    private let nonce: String
    private let binding: SASLChannelBinding?
    private let header: String
    private let bare: String
    private var state = State.first

    /// - Parameters:
    ///   - binding: what the exchange is bound by; nil for one that is not.
    ///   - couldBind: whether this side could, and the server has not said that it can.
    init(
        hash: ScramHash, user: String, password: String, nonce: String, binding: SASLChannelBinding?, couldBind: Bool
    ) {
        self.hash = hash
        self.password = password
        self.nonce = nonce
        self.binding = binding
        header = binding != nil ? "p=\(SASLChannelBinding.name),," : couldBind ? "y,," : "n,,"
        bare = "n=\(ScramMessage.encodeName(user)),r=\(nonce)"
    }

    var first: String { header + bare }

    var isServerProven: Bool {
        if case .proven = state { true } else { false }
    }

    mutating func respond(to challenge: [UInt8]) throws(SASLClientFailure) -> [UInt8] {
        // A server that waits for the first response asks for it with an empty challenge.
        if case .first = state, challenge.isEmpty { return Array(first.utf8) }
        guard let text = String(validating: challenge, as: UTF8.self) else {
            throw SASLClientFailure("the server's challenge is not SCRAM")
        }
        switch state {
        case .first: return try prove(serverFirst: text)
        case .last(let signature):
            try check(serverLast: text, signature)
            state = .proven
            return []
        case .proven: throw SASLClientFailure("the server goes on when all has been said")
        }
    }

    private mutating func prove(serverFirst: String) throws(SASLClientFailure) -> [UInt8] {
        var message = ScramMessage(serverFirst[...])
        guard let nonce = message.take("r"), let salt = message.take("s").flatMap(SASLBase64.decode), !salt.isEmpty,
            let iterations = message.take("i").flatMap({ Int($0) }), message.hasOnlyExtensions
        else { throw SASLClientFailure("the server's challenge is not SCRAM") }
        guard nonce.hasPrefix(self.nonce), nonce.count > self.nonce.count, ScramMessage.isNonce(nonce) else {
            throw SASLClientFailure("the server's nonce does not go on from ours; somebody may be tampering")
        }
        guard ScramKeys.believableIterations.contains(iterations) else {
            throw SASLClientFailure("the server wants \(iterations) iterations, which no honest server does")
        }
        let bound = ScramMessage.binding(header: header[...], binding)
        let withoutProof = "c=\(bound),r=\(nonce)"
        let authenticated = Array("\(bare),\(serverFirst),\(withoutProof)".utf8)
        let salted = hash.saltedPassword(SASLPrep.prepare(password) ?? password, salt: salt, iterations: iterations)
        let clientKey = hash.authenticate(Array("Client Key".utf8), key: salted)
        let signature = hash.authenticate(authenticated, key: hash.hash(clientKey))
        let serverKey = hash.authenticate(Array("Server Key".utf8), key: salted)
        state = .last(serverSignature: hash.authenticate(authenticated, key: serverKey))
        return Array("\(withoutProof),p=\(SASLBase64.encode(zip(clientKey, signature).map { $0 ^ $1 }))".utf8)
    }

    private func check(serverLast: String, _ expected: [UInt8]) throws(SASLClientFailure) {
        var message = ScramMessage(serverLast[...])
        if let reason = message.take("e") { throw SASLClientFailure("the server refuses: \(reason)") }
        guard let signature = message.take("v").flatMap(SASLBase64.decode),
            ConstantTime.areEqual(signature, expected)
        else { throw SASLClientFailure("the server does not know the password; somebody may play the server") }
    }
}
