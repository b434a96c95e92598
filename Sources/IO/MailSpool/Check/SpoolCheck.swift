import GRDB
import Glibc
import MailCore

/// Reads a whole spool beside those who work with it. It changes nothing but files that are none of the spool's; what
/// seems damaged is for the index's thread to look at again.
struct SpoolCheck {
    private static let pageSize = 200
    /// Seconds that a body without a message must have rested: until then it may be one that is coming in.
    private static let rest = 3_600

    private let index: QueueIndex
    private let folder: SpoolFolder
    private let now: Timestamp
    private var records: RecordCheck
    private(set) var report = SpoolCheckReport()
    /// Messages that did not look well.
    private(set) var suspects: [QueueID] = []

    init(index: QueueIndex, catalogue: LogCatalogue, now: Timestamp) {
        self.index = index
        self.now = now
        folder = catalogue.folder
        records = RecordCheck(catalogue)
    }

    mutating func run() throws {
        try checkDatabase()
        try checkMessages()
        try checkBodies()
        for name in try folder.names(in: folder.log) where SegmentName(name) == nil {
            try setAside("\(folder.log)/\(name)", name, "is no segment of the log")
        }
    }

    private mutating func checkDatabase() throws {
        let complaints = try index.pool.read { db in try String.fetchAll(db, sql: "PRAGMA quick_check(20)") }
        for complaint in complaints where complaint != "ok" { find("the index: \(complaint)") }
        let orphans = try index.pool.read { db in try QueueIndex.recipientsWithoutMessage(db) }
        suspects += orphans
    }

    private mutating func checkMessages() throws {
        var last = QueueID(rawValue: 0)
        while true {
            let ids = try index.pool.read { db in
                try QueueIndex.ids(QueueFilter(after: last), limit: Self.pageSize, db)
            }
            guard let end = ids.last else { return }
            for id in ids { try check(id) }
            last = end
        }
    }

    private mutating func check(_ id: QueueID) throws {
        let entry = try index.pool.read { db in try QueueIndex.readable(id, db) }
        guard case .sound(let message, _) = entry, records.problem(of: message) == nil else {
            return suspects.append(id)
        }
        report.messages += 1
        report.octets += message.prefixLength + message.bodyLength
    }

    private mutating func checkBodies() throws {
        for name in try folder.names(in: folder.bodies) {
            let path = "\(folder.bodies)/\(name)"
            guard let id = QueueID(name) else {
                try setAside(path, name, "is no body of a message")
                continue
            }
            let isKnown = try index.pool.read { db in try QueueIndex.exists(id, db) }
            if !isKnown, isOld(path) { find("\(path) belongs to no message; the next start deletes it") }
        }
    }

    private func isOld(_ path: String) -> Bool {
        var status = stat()
        guard stat(path, &status) == 0 else { return false }
        return Int64(status.st_mtim.tv_sec + Self.rest) * 1_000_000 < now.microseconds
    }

    private mutating func setAside(_ path: String, _ name: String, _ text: String) throws {
        let place = "\(folder.damaged)/\(now.microseconds)-\(name)"
        try folder.move(path, to: place)
        report.findings.append(
            SpoolCheckReport.Finding(text: "\(path) \(text); it was set aside", setAside: [place]))
    }

    private mutating func find(_ text: String) {
        report.findings.append(SpoolCheckReport.Finding(text: text))
    }
}
