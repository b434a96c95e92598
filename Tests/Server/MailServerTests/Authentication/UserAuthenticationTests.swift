import MailCore
import MailDirectory
import MailSASL
import MailUsers
import NIOPosix
import Reception
import Testing

@testable import MailServer

/// Who can log in, as the configuration says.
struct UserAuthenticationTests {
    private static let text = """
        [auth]
        mechanisms = ["SCRAM-SHA-256", "PLAIN", "CRAM-MD5"]
        recipients_per_hour = 2
        [domain."example.org"]
        users = ["ann", "bob"]
        [alias]
        "info@example.org" = ["ann"]
        """

    private func with(
        rest: Duration = .zero, isolation: isolated (any Actor)? = #isolation,
        _ body: (UserAuthentication) async throws -> Void
    ) async throws {
        var configuration = try ServerConfiguration.parse(text: Self.text + "\n", file: "test.toml")
        configuration.users.put(
            try PasswordMaking.record(name: "ann@example.org", password: "secret", for: configuration.auth))
        let threads = NIOThreadPool(numberOfThreads: 1)
        threads.start()
        try await body(
            UserAuthentication(
                settings: ServerSettings(configuration), threads: threads,
                group: MultiThreadedEventLoopGroup.singleton, note: { _ in }, rest: rest))
        try await threads.shutdownGracefully()
    }

    private let stranger = AuthenticatingPeer(address: IPAddress("192.0.2.1"), tls: nil)

    private func logIn(
        _ users: UserAuthentication, _ user: String, _ password: String, from address: String = "192.0.2.1"
    ) async throws -> AuthenticationStep? {
        let peer = AuthenticatingPeer(address: IPAddress(address), tls: nil)
        return await users.begin("PLAIN", for: peer)?.respond(to: Array("\0\(user)\0\(password)".utf8))
    }

    @Test func `a user logs in by name in any case, and is known by the one that counts`() async throws {
        try await with { users in
            let step = try await logIn(users, "Ann@Example.org", "secret")
            #expect(step == .authenticated(user: "ann@example.org"))
        }
    }

    @Test func `an unknown user cannot be told from a known one`() async throws {
        try await with { users in
            let known = try await logIn(users, "ann@example.org", "guess")
            let unknown = try await logIn(users, "carl@example.org", "guess")
            #expect(known == .wrong(user: "ann@example.org") && unknown == .wrong(user: "carl@example.org"))
            let first = await users.answer(.keys(user: "carl", .sha256), from: stranger)
            guard case .keys(let keys, _) = first else {
                Issue.record("there are keys for everybody")
                return
            }
            #expect(keys.iterations == PasswordMaking.iterations && keys.salt.count == 16)
            let second = await users.answer(.keys(user: "carl", .sha256), from: stranger)
            #expect(second == first)
        }
    }

    @Test func `who guesses fast is put off, and a user who comes meanwhile is not`() async throws {
        try await with(rest: .seconds(3_600)) { users in
            for _ in 1...5 {
                let step = try await logIn(users, "ann@example.org", "guess")
                #expect(step == .wrong(user: "ann@example.org"))
            }
            let (sixth, user) = (
                try await logIn(users, "bob@example.org", "guess"),
                try await logIn(users, "ann@example.org", "secret", from: "198.51.100.1")
            )
            #expect(sixth == .unavailable)
            #expect(user == .authenticated(user: "ann@example.org"))
        }
    }

    @Test func `an address that guesses is not heard, and others are`() {
        var ledger = FailureLedger()
        let (near, far) = (IPAddress("192.0.2.1"), IPAddress("198.51.100.1"))
        var heard: [Bool] = []
        for attempt in 0...20 {
            heard.append(ledger.isHeard(near, at: Double(attempt)))
            ledger.failed(near, user: "ann", at: Double(attempt))
        }
        #expect(!heard.contains(false))
        let later = [ledger.isHeard(near, at: 21), ledger.isHeard(far, at: 21), ledger.isHeard(near, at: 3_600)]
        #expect(later == [false, true, true])
    }

    @Test func `ten thousand guesses from one network are heard sixty times in an hour`() {
        var ledger = FailureLedger()
        var heard = 0
        for guess in 0..<10_000 {
            let (address, time) = (IPAddress("2001:db8::\(String(guess, radix: 16))"), Double(guess) * 0.36)
            guard ledger.isHeard(address, at: time) else { continue }
            heard += 1
            ledger.failed(address, user: "user\(guess)", at: time)
        }
        #expect((40...60).contains(heard))
    }

    @Test func `answers about a user at whom many guess come late, and never later than eight seconds`() {
        var ledger = FailureLedger()
        let before = ledger.pause(for: "ann", at: 0)
        for _ in 0..<1_000 { ledger.failed(nil, user: "ANN", at: 0) }
        let pauses = [before, ledger.pause(for: "ann", at: 0), ledger.pause(for: "bob", at: 0)]
        #expect(pauses == [0, 8, 0])
    }

    @Test func `a user sends as itself, with any detail, and by the aliases that lead there`() async throws {
        try await with { users in
            for address in ["ann@example.org", "ANN@example.org", "ann+x@example.org", "info@example.org"] {
                let sender = try EmailAddress(address)
                #expect(users.mayUser("ann@example.org", sendAs: sender), "\(address)")
            }
            for address in ["bob@example.org", "ann@example.net", "postmaster@example.net"] {
                let sender = try EmailAddress(address)
                #expect(!users.mayUser("ann@example.org", sendAs: sender), "\(address)")
            }
        }
    }

    @Test func `who can log in by a local address has a mailbox there`() throws {
        var configuration = try ServerConfiguration.parse(text: Self.text + "\n", file: "test.toml")
        let carl = try EmailAddress("carl@example.org")
        #expect(configuration.makeDirectory().lookup(carl) == .unknownUser)
        configuration.users.put(UserRecord(name: "carl@example.org", verifiers: [.plain("x")]))
        #expect(configuration.makeDirectory().lookup(carl) != .unknownUser)
    }

    @Test func `a user sends to so many in an hour`() {
        var rates = SubmissionRates()
        let ann = [0.0, 1, 2, 2_000].map { rates.count("ann", perHour: 2, at: $0) }
        let bob = rates.count("bob", perHour: 2, at: 2)
        #expect(ann == [true, true, false, true] && bob)
    }

    @Test func `a password is kept for what is offered, in clear only for CRAM-MD5`() throws {
        var auth = AuthConfiguration()
        #expect(try PasswordMaking.record(name: "ann", password: "x", for: auth).secret == nil)
        auth.mechanisms = [.cramMD5, .scramSHA1]
        let record = try PasswordMaking.record(name: "ann", password: "x", for: auth)
        #expect(record.secret == "x")
        #expect(record.keys(for: .sha1)?.fit("x") == true)
        #expect(throws: UserFileError.self) { try PasswordMaking.record(name: "ann", password: "", for: auth) }
        #expect(throws: UserFileError.self) { try PasswordMaking.record(name: "a:b", password: "x", for: auth) }
    }
}
