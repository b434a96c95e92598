/// The client's side of one exchange with Dovecot's authentication service (auth protocol 1.1), without a socket: octets
/// of the service go in, and what is to be done comes out. The mechanism is Dovecot's business; only its messages pass.
public struct DovecotAuthMachine: Sendable {
    /// Octets that a line of the service may have.
    private static let lineLimit = 16 * 1_024
    /// Lines of its greeting.
    private static let greetingLimit = 100

    private enum Phase {
        case greeting
        /// Waits for the answer to what was sent last.
        case waiting
        /// The response of the client comes next.
        case challenged
        case done
    }

    private let request: DovecotAuthRequest
    private var phase = Phase.greeting
    private var input: [UInt8] = []
    private var greetingLines = 0
    private var knowsMechanism = false
    private var pending: [DovecotAuthAction] = []

    /// - Parameter process: the number of the client's process.
    public init(_ request: DovecotAuthRequest, process: Int32) {
        self.request = request
        pending = [.send(Array("VERSION\t1\t1\nCPID\t\(process)\n".utf8))]
    }

    /// What to do now; nil if it waits for the service or for the client.
    public mutating func next() -> DovecotAuthAction? { pending.isEmpty ? nil : pending.removeFirst() }

    /// Takes what the service has sent.
    public mutating func receive(_ octets: some Sequence<UInt8>) {
        guard phase != .done else { return }
        for octet in octets where phase != .done {
            guard octet == UInt8(ascii: "\n") else {
                if input.count >= Self.lineLimit { finish(.failed(.unavailable)) } else { input.append(octet) }
                continue
            }
            let line = String(validating: input, as: UTF8.self)
            input.removeAll(keepingCapacity: true)
            guard let line else { return finish(.failed(.unavailable)) }
            take(line.split(separator: "\t", omittingEmptySubsequences: false))
        }
    }

    /// The connection is gone.
    public mutating func ended() { finish(.failed(.unavailable)) }

    /// Hands on what the client says to a challenge.
    public mutating func respond(_ response: [UInt8]) {
        precondition(phase == .challenged, "nobody was challenged")
        phase = .waiting
        pending.append(.send(Array("CONT\t1\t\(SASLBase64.encode(response))\n".utf8)))
    }

    private mutating func take(_ fields: [Substring]) {
        switch phase {
        case .greeting: takeGreeting(fields)
        case .waiting: takeAnswer(fields)
        case .challenged, .done: break
        }
    }

    private mutating func takeGreeting(_ fields: [Substring]) {
        greetingLines += 1
        guard greetingLines <= Self.greetingLimit else { return finish(.failed(.unavailable)) }
        switch fields[0] {
        case "VERSION" where fields.count < 2 || fields[1] != "1": finish(.failed(.unavailable))
        case "MECH": if fields.dropFirst().first.map(String.init) == request.mechanism { knowsMechanism = true }
        case "DONE":
            guard knowsMechanism else { return finish(.failed(.noSuchMechanism)) }
            phase = .waiting
            pending.append(.send(Array(request.line.utf8)))
        default: break
        }
    }

    private mutating func takeAnswer(_ fields: [Substring]) {
        guard fields.count >= 2, fields[1] == "1" else { return }
        let parameters = fields.dropFirst(2)
        switch fields[0] {
        case "CONT":
            guard let challenge = SASLBase64.decode(parameters.first ?? "") else {
                return finish(.failed(.unavailable))
            }
            phase = .challenged
            pending.append(.challenge(challenge))
        case "OK":
            guard let user = Self.user(in: parameters), !user.isEmpty else { return finish(.failed(.unavailable)) }
            finish(.succeeded(user: user))
        case "FAIL":
            // An answer to what was no response of the mechanism is the same as one to a wrong password.
            let isTemporary = parameters.contains { $0 == "temp" || $0 == "code=temp_fail" }
            finish(.failed(isTemporary ? .unavailable : .wrong(user: Self.user(in: parameters))))
        default: break
        }
    }

    private mutating func finish(_ action: DovecotAuthAction) {
        guard phase != .done else { return }
        phase = .done
        input = []
        pending.append(action)
    }

    /// nil where no user is named, or by something that is no name.
    private static func user(in parameters: ArraySlice<Substring>) -> String? {
        guard let value = parameters.first(where: { $0.hasPrefix("user=") })?.dropFirst(5) else { return nil }
        let isName = value.utf8.count <= 255 && !value.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F }
        return isName ? String(value) : nil
    }
}

/// What is to be done in an exchange with Dovecot.
public enum DovecotAuthAction: Hashable, Sendable {
    /// Send this to the service.
    case send([UInt8])
    /// Send this to the client; its response comes next.
    case challenge([UInt8])
    /// The client is this user, by the name that Dovecot gives it.
    case succeeded(user: String)
    case failed(DovecotAuthFailure)
}

/// Why an exchange with Dovecot came to nothing.
public enum DovecotAuthFailure: Hashable, Sendable {
    /// The secret is wrong, or the user is none or may not log in; Dovecot may say who it was.
    case wrong(user: String?)
    case noSuchMechanism
    /// The service is away, has an error of its own, or says what cannot be read.
    case unavailable
}
