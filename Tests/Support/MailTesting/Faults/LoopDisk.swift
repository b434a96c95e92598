import Foundation
public import Testing

/// A file system in a file, mounted for a test. It can lose power, and be copied while it is in use.
public final class LoopDisk: Sendable {
    public enum Kind: String, Sendable, CaseIterable {
        case ext4, xfs
    }

    public let kind: Kind
    /// Where it is mounted.
    public let path: String
    /// The file that holds it.
    public let image: String
    private let directory: TemporaryDirectory?

    /// Makes a file system and mounts it.
    ///
    /// - Parameters:
    ///   - folder: where its image is to lie; a folder of its own by default.
    ///   - inodes: the number of its files; the program's own choice by default.
    public init(_ kind: Kind, mebibytes: Int, at path: String, imageIn folder: String? = nil, inodes: Int? = nil)
        async throws
    {
        self.kind = kind
        self.path = path
        directory = folder == nil ? try TemporaryDirectory() : nil
        image = (folder ?? directory?.path ?? "") + "/disk.img"
        let options = inodes.map { ["-N", "\($0)"] } ?? []
        try await perform("truncate", ["-s", "\(mebibytes)M", image])
        try await perform("mkfs.\(kind)", ["-q", kind == .ext4 ? "-F" : "-f"] + options + [image])
        try await mount()
    }

    private init(copyOf disk: LoopDisk, at path: String, image: String) {
        (kind, self.path, self.image, directory) = (disk.kind, path, image, nil)
    }

    /// The power goes: everything that was not synced is lost, and every call on the disk fails until `restorePower`.
    public func cutPower() throws {
        let file = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        defer { close(file) }
        // EXT4_IOC_SHUTDOWN, which XFS has too, with the log not flushed.
        var withoutFlush: UInt32 = 2
        guard file >= 0, ioctl(file, 0x8004_587d, &withoutFlush) == 0 else {
            throw FacilityFailed(what: "shutdown of \(path)", message: String(cString: strerror(errno)))
        }
    }

    /// Mounts it anew. Nobody may hold a file open on it.
    public func restorePower() async throws {
        try await remove()
        try await mount()
    }

    /// Unmounts it. Programs that began in a mount namespace of their own meanwhile hold it for a moment, and what would
    /// be mounted then were the same file system still, without power.
    public func remove() async throws {
        try await perform("umount", [path])
        _ = try await eventually("the end of the disk of \(path)") {
            try await run(Tool.require("losetup"), ["--associated", image]).output.isEmpty ? true : nil
        }
    }

    /// The disk as it is at this instant, as after a crash, mounted beside it. Its image must lie on XFS.
    public func crashImage(_ name: String, at path: String) async throws -> LoopDisk {
        let copy = LoopDisk(copyOf: self, at: path, image: "\(image).\(name)")
        try await perform("cp", ["--reflink=always", image, copy.image])
        try await copy.mount()
        return copy
    }

    private func mount() async throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        // Two copies of an XFS have one identity, which its driver would not mount twice.
        try await perform("mount", ["-o", kind == .xfs ? "loop,nouuid" : "loop", image, path])
    }

    private func perform(_ program: String, _ arguments: [String]) async throws {
        let result = try await run(Tool.require(program), arguments)
        guard result.status == 0 else { throw FacilityFailed(what: program, message: result.errors) }
    }
}

/// What a test needs of the system did not work.
public struct FacilityFailed: Error, CustomStringConvertible {
    public let what: String
    public let message: String

    public init(what: String, message: String) {
        self.what = what
        self.message = message
    }

    public var description: String { "\(what): \(message)" }
}

extension Trait where Self == ConditionTrait {
    /// Skips the test where file systems cannot be mounted from a file.
    public static var requiresLoopDisks: Self {
        .enabled("mounts file systems from files, which needs root and loop devices") {
            getuid() == 0 && FileManager.default.fileExists(atPath: "/dev/loop-control")
        }
    }
}
