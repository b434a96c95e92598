import MailCore
import MailSpool
import QueueCore

/// What is asked of a queue, over the control socket or in this process.
package struct QueueRequest: Codable, Equatable, Sendable {
    package enum Command: String, Codable, Sendable {
        case list, show, content, count, check, retry, hold, release, reroute, bounce, delete
    }

    /// How messages are listed: as people read them, or a JSON object in each line.
    package enum Form: String, Codable, Sendable {
        case text, json
    }

    package var command: Command
    /// For `list`: in pages of this form; nil for one message after the other.
    package var form: Form?
    /// For `show` and `content`.
    package var id: String?
    /// Only messages with these queue IDs.
    package var ids: [String]?
    /// Only messages with a recipient in this state.
    package var state: String?
    /// Only messages from, or to, addresses with this text in them.
    package var sender: String?
    package var recipient: String?
    /// Only messages with a recipient in this domain.
    package var domain: String?
    /// Only messages that have been here for longer, or for less long, than so many seconds.
    package var olderThan: Int64?
    package var newerThan: Int64?
    /// The most messages that are listed or changed; nil for all.
    package var limit: Int?
    /// For commands that change something: that all messages are meant where no filter says which.
    package var all: Bool?
    /// For commands that change something: only to say what would be hit.
    package var dryRun: Bool?
    /// Why a message is held or bounced.
    package var reason: String?
    /// For `reroute`: the route as it is written, or `default` for that of the configuration.
    package var route: String?

    package init(_ command: Command) {
        self.command = command
    }
}

extension QueueRequest {
    /// The names that `state` may have.
    package static let states = RecipientState.allCases.map(\.name)

    /// Whether anything says which messages are meant. An empty text is in every address; only as a sender it means
    /// something, the null reverse path.
    package var isNarrowed: Bool {
        let texts = [recipient, domain].compactMap(\.self)
        return ids != nil || state != nil || sender != nil || olderThan != nil || newerThan != nil
            || texts.contains { !$0.isEmpty }
    }

    /// The seconds that a text such as `2h` or `30 min` means; nil for anything else.
    package static func seconds(_ text: String) -> Int64? {
        (try? Duration(.string(text)))?.components.seconds
    }

    /// - Throws: `QueueRefusal` if a state or a queue ID is none, or a text is empty.
    func filter(at now: Timestamp) throws(QueueRefusal) -> QueueFilter {
        if recipient?.isEmpty == true || domain?.isEmpty == true {
            throw QueueRefusal("an empty text is in every address: name a part of an address, or a domain")
        }
        var filter = QueueFilter(recipient: recipient, sender: sender)
        filter.domain = domain
        filter.arrivedBefore = olderThan.map { now + .seconds(-$0) }
        filter.arrivedFrom = newerThan.map { now + .seconds(-$0) }
        if let state {
            guard let known = RecipientState.allCases.first(where: { $0.name == state }) else {
                throw QueueRefusal("there is no such state of a recipient")
            }
            filter.states = [known]
        }
        if let ids {
            var known: Set<QueueID> = []
            for text in ids { known.insert(try Self.queueID(text)) }
            filter.ids = known
        }
        return filter
    }

    static func queueID(_ text: String) throws(QueueRefusal) -> QueueID {
        guard let id = QueueID(text) else { throw QueueRefusal("\(text) is no queue ID") }
        return id
    }

    /// What is to be done to recipients; nil for a request that only looks.
    ///
    /// - Throws: `QueueRefusal` if a route is none.
    func change() throws(QueueRefusal) -> QueueChange? {
        switch command {
        case .list, .show, .content, .count, .check: nil
        case .retry: .retry
        case .hold: .hold(reason: reason ?? "Held by the administrator")
        case .release: .release
        case .bounce: .bounce(reason: reason ?? "Given up by the administrator")
        case .delete: .delete
        case .reroute: .reroute(try Self.route(route ?? ""))
        }
    }

    /// The route that a text means; nil for that of the configuration.
    static func route(_ text: String) throws(QueueRefusal) -> RouteAction? {
        if text == "default" { return nil }
        do throws(RouteAction.Refusal) {
            return try RouteAction(text)
        } catch {
            throw QueueRefusal("the route \(error.text), or \"default\" for that of the configuration")
        }
    }

    /// What is wrong with the text of a route; nil if nothing is.
    package static func problem(withRoute text: String) -> String? {
        do throws(QueueRefusal) {
            _ = try route(text)
            return nil
        } catch {
            return error.text
        }
    }

    /// Whether mail that takes this route is lost to its recipients.
    package static func givesUp(_ text: String) -> Bool {
        switch try? route(text) {
        case .discard?, .error?: true
        case .mx?, .next?, .hold?, nil: false
        }
    }
}

/// Why a request is not carried out.
struct QueueRefusal: Error {
    let text: String

    init(_ text: String) {
        self.text = text
    }
}
