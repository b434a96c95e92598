import FoundationEssentials

/// The folder that holds everything a server keeps.
enum DataFolder {
    /// Makes it, for its owner only, with all that is missing above it.
    ///
    /// - Throws: `DataFolderError` with the reason in words.
    static func create(_ path: String) throws {
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw DataFolderError(
                path: path, reason: "\((error as? CocoaError)?.userInfo["NSDebugDescription"] ?? error)")
        }
    }
}

/// A data folder that cannot be made.
package struct DataFolderError: Error, CustomStringConvertible {
    let path: String
    let reason: String

    package var description: String { "the data folder \(path) cannot be made: \(reason)" }
}
