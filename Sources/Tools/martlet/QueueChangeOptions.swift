import ArgumentParser
import Glibc
import MailCore
import MailServer

/// What all commands share that change recipients of the queue.
struct QueueChangeOptions: ParsableArguments {
    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var filter: QueueFilterOptions
    @Flag(help: "All messages.") var all = false
    @Flag(name: .customLong("dry-run"), help: "Only print what would be hit.") var dryRun = false
    @Flag(help: "One JSON object a message and line.") var json = false
    @Argument(help: "Queue IDs.") var ids: [String] = []

    func validate() throws {
        if !all, !request(.retry).isNarrowed {
            throw ValidationError("say which messages: by queue IDs, by a filter, or --all")
        }
    }

    func request(_ command: QueueRequest.Command, reason: String? = nil) -> QueueRequest {
        var request = filter.request(command)
        if !ids.isEmpty { request.ids = ids }
        (request.all, request.dryRun, request.reason) = (all, dryRun, reason)
        return request
    }

    /// Carries a change out and prints what it hit.
    ///
    /// - Parameter participle: what is said of the recipients then, such as "deleted".
    func run(_ request: QueueRequest, _ participle: String) async throws {
        var tally = QueueTally()
        try await run(request, &tally, prints: true)
        if !json { StandardOutput.print(tally.summary(dryRun ? "would be \(participle)" : participle)) }
        try tally.checkAnyExists(of: ids)
        try tally.checkAnyGoes()
    }

    /// As `run`, but first shows what will be hit and asks, unless the user has said yes.
    func runIfConfirmed(_ request: QueueRequest, _ participle: String, isConfirmed: Bool) async throws {
        if dryRun || isConfirmed { return try await run(request, participle) }
        guard isatty(STDIN_FILENO) == 1 else { throw ExitStatus.usage.failing("add --yes, or --dry-run to look first") }
        var rehearsal = request
        rehearsal.dryRun = true
        var meant = QueueTally()
        try await run(rehearsal, &meant, prints: true)
        guard !meant.ids.isEmpty else {
            StandardOutput.print(meant.summary(participle))
            return try meant.checkAnyExists(of: ids)
        }
        StandardError.print("\(meant.summary("to be \(participle)")). Go on? [y/N]")
        guard readLine()?.lowercased() == "y" else { throw ExitStatus.tryAgain.failing("nothing was \(participle)") }
        try await run(request, of: meant.ids, participle)
    }

    /// Hits no other messages than those that were shown.
    private func run(_ request: QueueRequest, of ids: [String], _ participle: String) async throws {
        var (request, tally) = (request, QueueTally())
        for start in stride(from: 0, to: ids.count, by: 1_000) {
            request.ids = Array(ids[start..<min(start + 1_000, ids.count)])
            request.limit = nil
            try await run(request, &tally, prints: false)
        }
        StandardOutput.print(tally.summary(participle))
    }

    private func run(_ request: QueueRequest, _ tally: inout QueueTally, prints: Bool) async throws {
        var count = QueueTally()
        try await QueueConnection(options).ask(request) { answer in
            switch answer {
            case .hit(let record):
                count.add(record)
                if prints { StandardOutput.print(try json ? JSONLine.text(record) : QueueListing.lines(of: record)) }
            case .missing(let id):
                count.missing += 1
                StandardError.print("martlet: there is no message \(id.escapingControls) in the queue")
            default: break
            }
        }
        tally.add(count)
    }
}

/// How much was hit.
struct QueueTally {
    private(set) var ids: [String] = []
    private var recipients = 0
    private var inFlight = 0
    private var heldAgain = 0
    var missing = 0

    mutating func add(_ record: QueueHitRecord) {
        ids.append(record.queueID)
        let passedOver = record.recipients.count(where: \.inFlight)
        let held = record.recipients.count { !$0.inFlight && $0.heldBy != nil }
        inFlight += passedOver
        heldAgain += held
        recipients += record.recipients.count - passedOver - held
    }

    mutating func add(_ other: QueueTally) {
        ids += other.ids
        recipients += other.recipients
        inFlight += other.inFlight
        heldAgain += other.heldAgain
        missing += other.missing
    }

    /// - Throws: the end of a command for which none of the messages exists that it names.
    func checkAnyExists(of named: [String]) throws {
        if missing > 0, missing == Set(named).count { throw ExitCode(ExitStatus.data.rawValue) }
    }

    /// - Throws: the end of a command that let nobody go, since routes hold all who were meant.
    func checkAnyGoes() throws {
        guard heldAgain > 0, recipients == 0 else { return }
        throw ExitStatus.configuration.failing(
            "a route holds them; lead them elsewhere with `martlet queue reroute --via`, and release them then")
    }

    func summary(_ participle: String) -> String {
        let text = "\(recipients) recipient\(recipients == 1 ? "" : "s") \(participle)"
        let held = heldAgain == 0 ? text : "\(text), \(heldAgain) held again by a route"
        return inFlight == 0 ? held : "\(held), \(inFlight) passed over: an attempt is under way"
    }
}
