import GRDB

extension QueueIndex {
    static let schemaVersion = 3

    /// Makes the tables if there are none, and brings older ones up to date.
    ///
    /// - Returns: whether they were made.
    /// - Throws: `SpoolError.laterVersion` for a schema that is not known here.
    static func prepareSchema(_ pool: DatabasePool) throws -> Bool {
        try pool.write { db in
            let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
            guard version <= schemaVersion else { throw SpoolError.laterVersion(version) }
            if version == 0 { try db.execute(sql: tables) }
            if version < 2 { try db.execute(sql: reports) }
            if version < 3 { try db.execute(sql: routesAndOrigins) }
            try db.execute(sql: "PRAGMA user_version = \(schemaVersion)")
            return version == 0
        }
    }

    /// Version 2: what is still to be told of a recipient, and whether its delay was. What was held because nobody could
    /// be told is tried once more.
    private static let reports = """
        ALTER TABLE recipient ADD COLUMN report INTEGER;
        ALTER TABLE recipient ADD COLUMN delay_known INTEGER NOT NULL DEFAULT 0;
        CREATE INDEX recipient_report ON recipient (message) WHERE report IS NOT NULL;
        UPDATE recipient SET state = 0 WHERE state = 1 AND status LIKE '5.%';
        """

    /// Version 3: the route that a person chose for a recipient, as it is written, NULL for that of the configuration;
    /// and the names under which messages came in that must not come in again.
    private static let routesAndOrigins = """
        ALTER TABLE recipient ADD COLUMN route TEXT;
        CREATE TABLE origin (name TEXT PRIMARY KEY) WITHOUT ROWID;
        """

    /// A reverse path is NULL for that of the message, empty for the null one (`<>`).
    private static let tables = """
        CREATE TABLE progress (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            segment INTEGER NOT NULL,      -- up to here the log is in the index
            offset INTEGER NOT NULL,
            last_id INTEGER NOT NULL       -- the greatest queue ID ever seen
        );
        INSERT INTO progress VALUES (1, 0, 0, 0);
        CREATE TABLE message (
            id INTEGER PRIMARY KEY,        -- the queue ID
            segment INTEGER NOT NULL,
            offset INTEGER NOT NULL,
            envelope_length INTEGER NOT NULL,
            prefix_length INTEGER NOT NULL,
            body_length INTEGER NOT NULL,
            body_is_file INTEGER NOT NULL,
            arrived INTEGER NOT NULL,
            reverse_path TEXT NOT NULL,
            body_type INTEGER NOT NULL,
            smtputf8 INTEGER NOT NULL, -- and REQUIRETLS: see EnvelopeOptions.flags
            ret INTEGER,
            envid TEXT
        );
        CREATE TABLE recipient (
            message INTEGER NOT NULL,
            number INTEGER NOT NULL,
            address TEXT NOT NULL,
            state INTEGER NOT NULL,
            due INTEGER NOT NULL,
            attempts INTEGER NOT NULL,
            depth INTEGER NOT NULL,
            notify INTEGER,
            orcpt_type TEXT,
            orcpt TEXT,
            reverse_path TEXT,
            status TEXT,
            diagnostic TEXT,
            remote TEXT,
            tried INTEGER,
            PRIMARY KEY (message, number)
        ) WITHOUT ROWID;
        CREATE INDEX recipient_due ON recipient (due) WHERE state = 0;
        """
}
