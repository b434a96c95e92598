import GRDB
import Glibc
import MailCore
import NIOCore

/// The second look at what a check suspects. On the index's thread, where nothing moves meanwhile.
extension IndexWriter {
    /// Sets aside what is damaged of a message and holds its recipients; nil if nothing is, or if it is gone.
    func setAsideIfDamaged(_ id: QueueID) throws -> SpoolCheckReport.Finding? {
        switch try surroundings.index.pool.read({ db in try QueueIndex.readable(id, db) }) {
        case .sound(let message, _):
            var records = RecordCheck(surroundings.catalogue)
            guard let problem = records.problem(of: message) else { return nil }
            guard !surroundings.inFlight.contains(id) else {
                return SpoolCheckReport.Finding(id: id, text: "\(problem); an attempt is under way")
            }
            let files = setAside(message)
            try hold(id, problem)
            return SpoolCheckReport.Finding(id: id, text: "\(problem); it is held", setAside: files)
        case .unreadable:
            try hold(id, QueueIndex.unreadable)
            return SpoolCheckReport.Finding(id: id, text: "\(QueueIndex.unreadable); it is held")
        case .missing:
            guard try surroundings.index.pool.read({ db in try QueueIndex.recipientsWithoutMessage(db) }).contains(id)
            else { return nil }
            try hold(id, "it is missing")
            return SpoolCheckReport.Finding(id: id, text: "it has recipients in the index, but is missing itself")
        }
    }

    private func hold(_ id: QueueID, _ problem: String) throws {
        try surroundings.index.pool.write { db in
            try QueueIndex.hold(id, diagnostic: "The check found: \(problem)", at: surroundings.now(), db)
        }
    }

    /// Copies what there is of a message into `damaged/`; what cannot be copied stays where it is in any case.
    private func setAside(_ message: IndexedMessage) -> [String] {
        let folder = surroundings.folder
        var files: [String] = []
        if let path = surroundings.catalogue.path(of: message.place.segment) {
            let end = message.place.offset + message.recordLength
            let name = "\(message.place.segment)-\(message.place.offset).record"
            if let copy = try? folder.setAside(path, from: message.place.offset, to: end, as: name) {
                files.append(copy)
            }
        }
        if message.bodyIsFile,
            let copy = try? folder.setAside(
                folder.body(of: message.id), from: 0, to: message.bodyLength, as: "\(message.id).body")
        {
            files.append(copy)
        }
        return files
    }

    /// Whether what lives in each segment is what the rows say.
    func isUseRight() throws -> Bool {
        try surroundings.index.pool.read { db in try QueueIndex.use(db) } == use
    }
}
