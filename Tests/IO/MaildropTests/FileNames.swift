import Foundation

/// Folders and files as a test looks at them.
enum FileNames {
    static func list(_ folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder)
    }

    /// Makes an empty file that was last changed at `time`, in seconds since 1970.
    static func make(_ path: String, modified time: Int) throws {
        try Data().write(to: URL(fileURLWithPath: path))
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: TimeInterval(time))], ofItemAtPath: path)
    }
}
