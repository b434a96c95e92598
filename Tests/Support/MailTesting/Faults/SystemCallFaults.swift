public import Foundation

/// Faults in the system calls of a program: at a chosen call by which it reads or changes the files below a folder, or sends
/// something, it is killed, loses its disk, or is told that the call has failed. Its wall clock can be set too.
///
/// Works by a library that is preloaded, `Tests/System/Faults/faults.c`. The program has to be started with
/// `environment`; then strikes can be planned at any time.
public final class SystemCallFaults: Sendable {
    /// What a call is about.
    public struct Kinds: OptionSet, Sendable {
        public let rawValue: Int
        public init(rawValue: Int) { self.rawValue = rawValue }

        public static let open = Kinds(rawValue: 1)
        public static let write = Kinds(rawValue: 2)
        public static let sync = Kinds(rawValue: 4)
        /// Names that are made, changed or removed.
        public static let name = Kinds(rawValue: 8)
        public static let truncate = Kinds(rawValue: 16)
        /// Anything sent over a connection.
        public static let send = Kinds(rawValue: 32)
        public static let read = Kinds(rawValue: 64)
        /// All by which a file, a folder or a peer comes to differ.
        public static let changing: Kinds = [.write, .sync, .name, .truncate, .send]
    }

    public enum Action: Sendable {
        /// The program is killed in place of the call.
        case kill
        /// The file system loses what was not synced, and the program is killed, in place of the call.
        case cutPower
        /// The call fails with this error.
        case fail(POSIXErrorCode)
        /// A write takes half of what it was given.
        case writeHalf
        /// A write takes half of what it was given, and the program is killed.
        case tear
        /// A sync or a truncation succeeds without being done.
        case lie

        fileprivate var numbers: (action: Int64, error: Int64) {
            switch self {
            case .kill: (1, 0)
            case .cutPower: (2, 0)
            case .fail(let code): (3, Int64(code.rawValue))
            case .writeHalf: (4, 0)
            case .tear: (5, 0)
            case .lie: (6, 0)
            }
        }
    }

    private let directory: TemporaryDirectory
    private let folder: String
    private static let size = 512

    /// - Parameter folder: without symbolic links.
    public init(below folder: String, source: String) async throws {
        self.folder = folder
        directory = try TemporaryDirectory()
        let library = ["-O1", "-shared", "-fPIC", "-o", directory.path("faults.so"), source, "-ldl"]
        let compiled = try await run(Tool.require("clang"), library)
        guard compiled.status == 0 else { throw FacilityFailed(what: "clang", message: compiled.errors) }
        try directory.write(Data(count: Self.size), to: "control")
    }

    /// What the program is started with.
    public var environment: [String: String] {
        [
            "LD_PRELOAD": directory.path("faults.so"), "FAULTS_FOLDER": folder,
            "FAULTS_CONTROL": directory.path("control"),
        ]
    }

    /// Counts calls of these kinds from now on, and strikes none.
    public func count(_ kinds: Kinds) throws {
        try write([0, 0, 0, 0, 0, Int64(kinds.rawValue), 0])
    }

    /// Strikes the `call`th of the calls of these kinds that are made from now on, and those after it, `times` in all.
    public func strike(_ action: Action, at call: Int, times: Int = 1, among kinds: Kinds) throws {
        try count(kinds)
        let (action, error) = action.numbers
        let last = Int64(call).addingReportingOverflow(Int64(times) - 1)
        try write([last.overflow ? .max : last.partialValue, action, error], from: 2)
        try write([Int64(call)], from: 1)
    }

    /// How many calls were counted.
    public var calls: Int { get throws { try number(0) } }

    /// How often it struck.
    public var strikes: Int { get throws { try number(6) } }

    /// The call that was struck first, and the file that it was about.
    public var struckCall: String {
        get throws {
            let text = try control().dropFirst(8 * 8).prefix { $0 != 0 }
            return String(decoding: text, as: UTF8.self).replacing(folder + "/", with: "")
        }
    }

    /// Sets the program's wall clock ahead by so many seconds, or back; time goes on as before.
    public func setClock(ahead seconds: Int) throws {
        try write([Int64(seconds)], from: 7)
    }

    private func number(_ field: Int) throws -> Int {
        let octets = try control().dropFirst(field * 8).prefix(8)
        return octets.reversed().reduce(0) { $0 << 8 | Int($1) }
    }

    private func control() throws -> Data {
        try Data(contentsOf: directory.url.appendingPathComponent("control"))
    }

    private func write(_ numbers: [Int64], from field: Int = 0) throws {
        let file = try FileHandle(forWritingTo: directory.url.appendingPathComponent("control"))
        try file.seek(toOffset: UInt64(field) * 8)
        try file.write(contentsOf: numbers.withUnsafeBytes { Data($0) })
        try file.close()
    }
}
