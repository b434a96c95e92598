import LocalMail
import Synchronization

/// The file system, with each sync, move and removal written down, and calls that fail on demand.
final class RecordingFiles: MailboxFiles {
    enum Event: Equatable {
        case syncFile
        case syncFolder(Int32)
        case move, remove
    }

    private let real = PosixMailboxFiles()
    private let failures: [String: Int32]
    private let record = Mutex<[Event]>([])

    /// - Parameter failures: the error number for each call that fails, by method name.
    init(failing failures: [String: Int32] = [:]) {
        self.failures = failures
    }

    var events: [Event] { record.withLock { $0 } }

    private func check(_ call: String) throws(SystemError) {
        if let code = failures[call] { throw SystemError(call, code: code) }
    }

    private func note(_ event: Event) { record.withLock { $0.append(event) } }

    func openFolder(_ path: String) throws(SystemError) -> Int32 { try real.openFolder(path) }

    func openFolder(_ name: String, in folder: Int32) throws(SystemError) -> Int32 {
        try real.openFolder(name, in: folder)
    }

    func makeFolder(_ path: String) throws(SystemError) {
        try check("makeFolder")
        try real.makeFolder(path)
    }

    func create(_ name: String, in folder: Int32) throws(SystemError) -> Int32 {
        try check("create")
        return try real.create(name, in: folder)
    }

    func write(_ bytes: UnsafeRawBufferPointer, to file: Int32) throws(SystemError) {
        try check("write")
        try real.write(bytes, to: file)
    }

    func copy(from path: String, offset: UInt64, length: UInt64, to file: Int32) throws(SystemError) {
        try real.copy(from: path, offset: offset, length: length, to: file)
    }

    func startWriteback(_ file: Int32) { real.startWriteback(file) }

    func syncFile(_ file: Int32) throws(SystemError) {
        note(.syncFile)
        try check("syncFile")
        try real.syncFile(file)
    }

    func syncFolder(_ folder: Int32) throws(SystemError) {
        note(.syncFolder(folder))
        try check("syncFolder")
        try real.syncFolder(folder)
    }

    func move(_ name: String, from folder: Int32, to other: Int32) throws(SystemError) -> Bool {
        note(.move)
        try check("move")
        return try real.move(name, from: folder, to: other)
    }

    func remove(_ name: String, in folder: Int32) {
        note(.remove)
        real.remove(name, in: folder)
    }

    func names(in folder: Int32) throws(SystemError) -> [String] { try real.names(in: folder) }

    func close(_ descriptor: Int32) { real.close(descriptor) }
}
