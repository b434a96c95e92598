import MailCore
import MailDirectory
import QueueCore
import Testing

@testable import Delivery

struct RouterTests {
    private func route(
        _ address: String, depth: Int = 0, foreign: DeliverySettings.ForeignRoute = .hold
    ) throws -> Router.Route {
        let settings = DeliverySettings(directory: try .example(root: "/mail"), foreignRoute: { _ in foreign })
        return Router(settings: settings).route(try .test(address, depth: depth))
    }

    private func outcome(
        _ address: String, depth: Int = 0, foreign: DeliverySettings.ForeignRoute = .hold
    ) throws -> Outcome {
        guard case .decided(let outcome) = try route(address, depth: depth, foreign: foreign) else {
            throw NotDecided()
        }
        return outcome
    }

    private struct NotDecided: Error {}

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
        let fail = try outcome("c@[192.0.2.1]", foreign: .fail(.init(.permanentFailure, 4, 4), text: "No way"))
        #expect(fail.action == .failed)
        #expect(fail.status.description == "5.4.4")
        #expect(fail.diagnostic == "No way")
    }
}
