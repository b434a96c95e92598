import MailCore
import MailDirectory
import QueueCore
import Testing

@testable import Delivery

struct RouterTests {
    private func route(
        _ address: String, depth: Int = 0, foreign: RouteAction = .hold
    ) throws -> Router.Route {
        let settings = DeliverySettings(directory: try .example(root: "/mail"), domainRoute: { _ in foreign })
        return Router(settings: settings).route(try .test(address, depth: depth))
    }

    private func outcome(
        _ address: String, depth: Int = 0, foreign: RouteAction = .hold
    ) throws -> Outcome {
        guard case .decided(let outcome) = try route(address, depth: depth, foreign: foreign) else {
            throw NotDecided()
        }
        return outcome
    }

    private struct NotDecided: Error {}

    @Test func `whoever asks hears where a recipient would go, without anything's being done`() throws {
        let settings = DeliverySettings(directory: try .example(root: "/mail"), domainRoute: { _ in .hold })
        let (here, elsewhere) = (try EmailAddress("ann@example.org"), try EmailAddress("x@example.net"))
        #expect(settings.nextHop(of: here) == .mailbox(folder: "/mail/example.org/ann"))
        #expect(settings.nextHop(of: elsewhere) == .hold)
        #expect(settings.nextHop(of: elsewhere, route: .mx(port: 25)).description == "mx:example.net")
        #expect(
            settings.nextHop(of: elsewhere, route: .discard).description == "none (2.0.0 Thrown away, as configured)")
        #expect(settings.nextHop(of: try EmailAddress("nobody@example.org")).description.hasPrefix("none (5.1.1 "))
    }

    @Test func `a user has a Maildir`() throws {
        #expect(try route("ann@example.org") == .maildir(folder: "/mail/example.org/ann"))
        #expect(try route("Ann+news@example.org") == .maildir(folder: "/mail/example.org/ann"))
    }

    @Test func `an alias gives its targets, with the reverse path as it was`() throws {
        let targets = try ["ann@example.org", "c@example.net"].map { ExpandedRecipient(try EmailAddress($0)) }
        #expect(try outcome("both@example.org").action == .expanded(into: targets))
    }

    @Test func `a list gives its members, and its owner hears about them`() throws {
        let owner = ReversePath.mailbox(try EmailAddress("boss@example.org"))
        let members = try ["ann@example.org", "bob@example.org"].map {
            ExpandedRecipient(try EmailAddress($0), reversePath: owner)
        }
        #expect(try outcome("staff@example.org").action == .expanded(into: members))
    }

    @Test(arguments: [
        ("nobody@example.org", "5.1.1"), ("gone@example.org", "5.1.6"), ("hen@example.org", "5.4.6"),
    ]) func `what cannot be delivered has failed, with the reason`(address: String, status: String) throws {
        let outcome = try outcome(address)
        #expect(outcome.action == .failed)
        #expect(outcome.status.description == status)
    }

    @Test func `aliases do not lead on for ever`() throws {
        #expect(try route("ann@example.org", depth: 20) == .maildir(folder: "/mail/example.org/ann"))
        #expect(try outcome("ann@example.org", depth: 21).status.description == "5.4.6")
    }

    @Test func `a domain may throw away what it gets`() throws {
        #expect(try outcome("ann@null.example").action == .delivered)
    }

    @Test func `mail for other systems goes the way of its route`() throws {
        #expect(try outcome("c@example.net", foreign: .hold).action == .held)
        #expect(try outcome("c@example.net", foreign: .hold).status.description == "2.0.0")
        #expect(try outcome("c@example.net", foreign: .discard).action == .delivered)
        let fail = try outcome("c@[192.0.2.1]", foreign: .error(.init(.permanentFailure, 4, 4), text: "No way"))
        #expect(fail.action == .failed)
        #expect(fail.status.description == "5.4.4")
        #expect(fail.diagnostic == "No way")
    }

    @Test func `mail for other systems goes to the hosts of their domains, or to one for all`() throws {
        #expect(try route("c@example.net", foreign: .mx(port: 25)) == .agent(.mx(Domain("example.net"), port: 25)))
        let relay = Destination.host("relay.example.org", port: 587, .smtp)
        #expect(try route("c@example.net", foreign: .next(relay)) == .agent(relay))
    }

    @Test func `the route that a person chose goes before the configured one, and before a mailbox`() throws {
        let chosen = Destination.host("backup.example.org", port: 25, .smtp)
        for address in ["c@example.net", "ann@example.org", "both@example.org"] {
            let recipient = try QueuedRecipient.test(address, route: .next(chosen))
            let router = Router(settings: DeliverySettings(directory: try .example(root: "/mail")))
            #expect(router.route(recipient) == .agent(chosen))
        }
        let mx = try QueuedRecipient.test("c@example.net", route: .mx(port: 26))
        let router = Router(settings: DeliverySettings(directory: try .example(root: "/mail")))
        #expect(router.route(mx) == .agent(.mx(try Domain("example.net"), port: 26)))
    }

    @Test func `an address literal is its own mail host`() throws {
        #expect(try route("c@[192.0.2.1]", foreign: .mx(port: 26)) == .agent(.host("192.0.2.1", port: 26, .smtp)))
        #expect(
            try route("c@[IPv6:2001:db8::1]", foreign: .mx(port: 25))
                == .agent(.host("2001:db8::1", port: 25, .smtp)))
        #expect(try outcome("c@[x400:abc]", foreign: .mx(port: 25)).status.description == "5.1.2")
    }

    @Test func `a local domain may hand its users' mail on`() throws {
        let domain = LocalDomain(
            try Domain("example.com"), users: [try LocalPart("ann")], delivery: .routed)
        let socket = Destination.socket(path: "/run/lmtp", .lmtp)
        let settings = DeliverySettings(
            directory: AddressDirectory(domains: [domain]),
            domainRoute: { $0 == domain.name ? .next(socket) : .hold })
        let router = Router(settings: settings)
        #expect(router.route(try .test("ann+news@example.com")) == .agent(socket))
        guard case .decided(let outcome) = router.route(try .test("nobody@example.com")) else { throw NotDecided() }
        #expect(outcome.status.description == "5.1.1")
    }
}
