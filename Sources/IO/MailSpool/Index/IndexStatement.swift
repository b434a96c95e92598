import GRDB
import GRDBSQLite

/// A prepared statement that the connection keeps, bound and stepped without the detours of a value for each argument.
struct IndexStatement {
    private let pointer: OpaquePointer
    private let connection: Database

    init(_ connection: Database, _ sql: String) throws {
        pointer = try connection.cachedStatement(sql: sql).sqliteStatement
        self.connection = connection
    }

    func bind(_ index: Int32, _ value: Int64) {
        sqlite3_bind_int64(pointer, index, value)
    }

    func bind(_ index: Int32, _ value: Int) {
        sqlite3_bind_int64(pointer, index, Int64(value))
    }

    func bind(_ index: Int32, _ value: UInt64) {
        sqlite3_bind_int64(pointer, index, Int64(bitPattern: value))
    }

    func bind(_ index: Int32, _ value: Int?) {
        guard let value else { return bindNull(index) }
        bind(index, value)
    }

    func bind(_ index: Int32, _ text: String?) {
        guard var text else { return bindNull(index) }
        // SQLITE_TRANSIENT: SQLite copies the text.
        let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        text.withUTF8 { utf8 in
            _ = utf8.withMemoryRebound(to: CChar.self) {
                sqlite3_bind_text(pointer, index, $0.baseAddress, Int32($0.count), transient)
            }
        }
    }

    private func bindNull(_ index: Int32) {
        sqlite3_bind_null(pointer, index)
    }

    /// Runs a statement that gives no rows, or whose rows nobody wants.
    func run() throws {
        while try next() {}
    }

    /// Steps to the next row; false, and ready to be bound again, if there is none.
    func next() throws -> Bool {
        let code = sqlite3_step(pointer)
        if code == SQLITE_ROW { return true }
        let message = String(cString: sqlite3_errmsg(connection.sqliteConnection))
        sqlite3_reset(pointer)
        guard code == SQLITE_DONE else { throw DatabaseError(resultCode: ResultCode(rawValue: code), message: message) }
        return false
    }

    /// Ends a statement before its last row.
    func reset() {
        sqlite3_reset(pointer)
    }

    func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(pointer, column) }

    func optionalInteger(_ column: Int32) -> Int? {
        sqlite3_column_type(pointer, column) == SQLITE_NULL ? nil : Int(integer(column))
    }

    func number(_ column: Int32) -> UInt64 { UInt64(bitPattern: integer(column)) }

    func text(_ column: Int32) -> String? {
        guard let bytes = sqlite3_column_text(pointer, column) else { return nil }
        let count = Int(sqlite3_column_bytes(pointer, column))
        return String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
    }
}
