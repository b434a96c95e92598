import GRDB
public import QueueCore

extension Spool: OriginLedger {
    public func takenOrigins() async throws -> [String] {
        try await flush()
        return try await index.pool.read { db in try QueueIndex.origins(db) }
    }

    /// What is not written because of a crash is told again by the next `takenOrigins`.
    public func forget(_ origins: [String]) {
        indexWriter.add(.forget(origins))
    }
}

extension QueueIndex {
    static func remember(_ origin: String, _ db: Database) throws {
        let statement = try IndexStatement(db, "INSERT OR IGNORE INTO origin (name) VALUES (?)")
        statement.bind(1, origin)
        try statement.run()
    }

    static func forget(_ origin: String, _ db: Database) throws {
        let statement = try IndexStatement(db, "DELETE FROM origin WHERE name = ?")
        statement.bind(1, origin)
        try statement.run()
    }

    static func origins(_ db: Database) throws -> [String] {
        let statement = try IndexStatement(db, "SELECT name FROM origin")
        var names: [String] = []
        while try statement.next() {
            if let name = statement.text(0) { names.append(name) }
        }
        return names
    }
}
