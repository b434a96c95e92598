import ArgumentParser
import MailServer

/// Which messages and recipients a queue command is about. What is given must all be true.
struct QueueFilterOptions: ParsableArguments {
    @Option(help: "Only messages from addresses with this text in them; empty for the null reverse path.")
    var from: String?
    @Option(help: "Only recipients whose address has this text in it.") var to: String?
    @Option(help: "Only recipients in this domain.") var domain: String?
    @Option(help: ArgumentHelp("Only messages that arrived longer ago, such as 2h, 30min or 5d.", valueName: "age"))
    var older: String?
    @Option(help: ArgumentHelp("Only messages that arrived less long ago.", valueName: "age")) var newer: String?
    @Option(help: "Only recipients in this state: \(QueueRequest.states.joined(separator: ", ")).") var state: String?
    @Option(help: "At most so many messages, the oldest first.") var limit: Int?

    func validate() throws {
        if to?.isEmpty == true { throw ValidationError("--to is empty: name a part of an address") }
        if domain?.isEmpty == true { throw ValidationError("--domain is empty: name a domain") }
        if let state, !QueueRequest.states.contains(state) {
            throw ValidationError(
                "there is no state \(state); the states are \(QueueRequest.states.joined(separator: ", "))")
        }
        for age in [older, newer].compactMap(\.self) where QueueRequest.seconds(age) == nil {
            throw ValidationError("\(age) is no age: write a number and a unit, such as 2h, 30min or 5d")
        }
        if let limit, limit < 1 { throw ValidationError("the limit must be 1 or more") }
    }

    func request(_ command: QueueRequest.Command) -> QueueRequest {
        var request = QueueRequest(command)
        (request.sender, request.recipient, request.domain) = (from, to, domain)
        (request.olderThan, request.newerThan) = (
            older.flatMap(QueueRequest.seconds), newer.flatMap(QueueRequest.seconds)
        )
        (request.state, request.limit) = (state, limit)
        return request
    }
}
