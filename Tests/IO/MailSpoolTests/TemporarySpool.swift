import Glibc
import MailCore
import NIOCore
import QueueCore

@testable import MailSpool

/// A spool in a folder of its own, which goes when the value does.
final class TemporarySpool {
    let path: String
    let clock = TestClock()
    var folder: SpoolFolder { SpoolFolder(path) }

    init() throws {
        var template = Array("/tmp/martlet-spool-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw FileError.last("mkdtemp", "/tmp") }
        path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    deinit {
        Self.remove(path)
    }

    /// Small segments and no reserve, unless a test wants others.
    static var settings: SpoolSettings {
        var settings = SpoolSettings()
        settings.segmentSize = 1 << 20
        settings.preallocation = 64 * 1_024
        settings.diskReserve = 0
        settings.inodeReserve = 0
        return settings
    }

    func open(
        _ settings: SpoolSettings = TemporarySpool.settings, calls: any FileCalls = SystemFileCalls(),
        onFailure: @escaping @Sendable (SpoolError) -> Void = { _ in },
        notice: @escaping @Sendable (String) -> Void = { _ in }
    ) throws -> Spool {
        let clock = clock
        return try Spool.open(
            directory: path, settings: settings, calls: calls, now: { clock.now }, notice: notice,
            onFailure: onFailure)
    }

    /// A copy of the folder as it is now: what a crash at this moment leaves.
    func crashImage() throws -> TemporarySpool {
        let image = try TemporarySpool()
        try Self.copy(path, to: image.path)
        return image
    }

    /// The paths of the log's segments, oldest first.
    func segments() throws -> [String] {
        try folder.names(in: folder.log).map { "\(folder.log)/\($0)" }
    }

    private static func copy(_ source: String, to target: String) throws {
        for name in try SpoolFolder(source).names(in: source) {
            var status = stat()
            guard stat("\(source)/\(name)", &status) == 0 else { continue }
            if status.st_mode & S_IFMT == S_IFDIR {
                mkdir("\(target)/\(name)", 0o700)
                try copy("\(source)/\(name)", to: "\(target)/\(name)")
            } else {
                try write(try read("\(source)/\(name)"), to: "\(target)/\(name)")
            }
        }
    }

    static func read(_ path: String) throws -> ByteBuffer {
        let file = try OpenFile(path, flags: O_RDONLY)
        return try file.read(Int(try file.length()), at: 0)
    }

    static func write(_ bytes: ByteBuffer, to path: String) throws {
        let file = try OpenFile(path, flags: O_RDWR | O_CREAT | O_TRUNC)
        try SystemFileCalls().write(bytes, to: file, at: 0)
    }

    private static func remove(_ path: String) {
        for name in (try? SpoolFolder(path).names(in: path)) ?? [] {
            if unlink("\(path)/\(name)") != 0 { remove("\(path)/\(name)") }
        }
        rmdir(path)
    }
}
