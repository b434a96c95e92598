import DovecotAuth
import MailCore
import MailDirectory
import MailSASL
import MailUsers
import NIOCore
import NIOPosix
import Reception
import SMTPCore
import Synchronization
import WebClient

/// Authenticates the users of the configuration. Passwords are checked on threads of their own, which step back behind
/// the event loops.
final class UserAuthentication: AuthenticationService {
    /// Before somebody hears that there is no room, who would else ask again at once.
    static let pauseWithoutRoom = Duration.seconds(5)

    /// How long whoever gives out access tokens may take to say what one is worth.
    private static let patience = Duration.seconds(10)

    private struct State {
        var failures = FailureLedger()
        var rates = SubmissionRates()
        var passwords = CheckQueue()
        var tokens = CheckQueue()
    }

    let settings: ServerSettings
    private let threads: NIOThreadPool
    private let group: any EventLoopGroup
    /// Tells the log why somebody was not let in who may have deserved it.
    let note: @Sendable (String) -> Void
    private let state = Mutex(State())
    private let madeUp = MadeUpKeys()
    let introspector: TokenIntrospector
    private let rest: Duration

    /// - Parameters:
    ///   - note: hears why somebody was not let in who may have deserved it.
    ///   - rest: how long a wrong password keeps its room, so that guessing has a small share of a core.
    init(
        settings: ServerSettings, threads: NIOThreadPool, group: any EventLoopGroup,
        note: @escaping @Sendable (String) -> Void, rest: Duration = .seconds(5)
    ) {
        self.settings = settings
        self.threads = threads
        self.group = group
        self.note = note
        self.rest = rest
        introspector = TokenIntrospector(
            WebConnector(group: group, trust: { settings.configuration.webTrust }, patience: Self.patience))
    }

    private static var seconds: Double {
        let passed = start.duration(to: .now).components
        return Double(passed.seconds) + Double(passed.attoseconds) / 1e18
    }

    private static let start = ContinuousClock.now

    // MARK: What sessions ask for

    func begin(_ mechanism: String, for peer: AuthenticatingPeer) -> (any AuthenticationExchange)? {
        guard state.withLock({ $0.failures.isHeard(peer.address, at: Self.seconds) }) else { return nil }
        let known = SASLMechanism(rawValue: mechanism)
        if let dovecot = settings.configuration.dovecot(for: known) {
            return DovecotExchange(
                mechanism, peer: peer, service: DovecotAuthService(group: group, path: dovecot), users: self)
        }
        guard let mechanism = known else { return nil }
        let server = SASLServer(
            mechanism, nonce: SASLBase64.encode(PasswordMaking.random(18)),
            host: settings.configuration.hostname.description, channelBinding: peer.tls?.channelBinding)
        return UserExchange(server, peer: peer, users: self)
    }

    /// The user's own address, with any subaddress, and the aliases that lead to it.
    func mayUser(_ user: String, sendAs sender: EmailAddress) -> Bool {
        let directory = settings.reception.directory
        guard let own = try? EmailAddress(user) else { return false }
        if own == sender { return true }
        switch directory.lookup(sender) {
        case .mailbox(let mailbox): return mailbox.address.isSame(as: own)
        case .alias(let targets, _): return targets.contains { $0.isSame(as: own) }
        case .list, .catchAll, .moved, .unknownUser, .notLocal: return false
        }
    }

    func count(recipientOf user: String) -> Bool {
        let limit = settings.configuration.auth.recipientsPerHour
        return state.withLock { $0.rates.count(user, perHour: limit, at: Self.seconds) }
    }

    // MARK: What exchanges ask for

    func answer(_ question: SASLQuestion, from peer: AuthenticatingPeer) async -> SASLAnswer {
        let users = settings.configuration.users
        switch question {
        case .password(let user, let password): return await check(password, of: users.find(user), from: peer.address)
        case .keys(let user, let hash): return keys(of: user, hash, in: users)
        case .secret(let user):
            guard let record = users.find(user), let secret = record.secret else { return .nobody }
            return .secret(secret, user: record.name)
        case .token(let user, let token): return await self.user(of: token, saidToBe: user, from: peer.address)
        case .certificate(let user): return self.user(of: peer.tls?.peer, saidToBe: user)
        }
    }

    /// Takes as long for a user who is not known.
    private func check(_ password: String, of record: UserRecord?, from address: IPAddress?) async -> SASLAnswer {
        let (hasRoom, standing) = state.withLock { state in
            let standing = state.failures.standing(of: address, at: Self.seconds)
            return (state.passwords.enter(standing), standing)
        }
        guard hasRoom else {
            try? await Task.sleep(for: Self.pauseWithoutRoom)
            return .unavailable
        }
        let prepared = SASLPrep.prepare(password) ?? password
        let isRight = try? await threads.runIfActive {
            ThreadPriority.stepBack()
            return record?.fits(prepared) ?? (CryptHash.ofNobody.fits(prepared) && false)
        }
        leaveQueue(standing, atOnce: isRight == true)
        guard let isRight else { return .unavailable }
        return isRight ? record.map { .user($0.name) } ?? .nobody : .nobody
    }

    private func leaveQueue(_ standing: PeerStanding, atOnce: Bool) {
        let leave = { @Sendable [self] in state.withLock { $0.passwords.leave(standing) } }
        if atOnce { return leave() }
        Task { [rest] in
            try? await Task.sleep(for: rest)
            leave()
        }
    }

    private func keys(of user: String, _ hash: ScramHash, in users: UserTable) -> SASLAnswer {
        if let record = users.find(user) {
            return record.keys(for: hash).map { .keys($0, user: record.name) } ?? .transitionNeeded
        }
        let someLackKeys = users.records.contains { $0.keys(for: hash) == nil }
        if someLackKeys, madeUp.lacksKeys(user) { return .transitionNeeded }
        return .keys(madeUp.keys(for: user, hash), user: user)
    }

    /// - Returns: nil where there is no room to ask about another token; who was given some must `leaveTokenCheck`.
    func enterTokenCheck(from address: IPAddress?) -> PeerStanding? {
        state.withLock { state in
            let standing = state.failures.standing(of: address, at: Self.seconds)
            return state.tokens.enter(standing) ? standing : nil
        }
    }

    func leaveTokenCheck(_ standing: PeerStanding) { state.withLock { $0.tokens.leave(standing) } }

    /// Remembers where a user has logged in from.
    func succeeded(_ peer: AuthenticatingPeer, user: String) {
        state.withLock { $0.failures.succeeded(peer.address, user: user) }
    }

    /// Counts a failure, and waits as long as guessing at this user is worth.
    func failed(_ peer: AuthenticatingPeer, user: String) async {
        let pause = state.withLock { state in
            state.failures.failed(peer.address, user: user, at: Self.seconds)
            return state.failures.pause(for: user, at: Self.seconds)
        }
        try? await Task.sleep(for: .seconds(pause))
    }
}

extension EmailAddress {
    /// Whether both are the same mailbox here, where the case of names does not matter.
    func isSame(as other: EmailAddress) -> Bool {
        host == other.host && localPart.folded == other.localPart.folded
    }
}
