import Foundation

/// The messages in a Maildir, new ones and read ones.
struct Maildir {
    let path: String

    /// The paths of their files, in order; none before the first delivery has made the folders.
    func paths() throws -> [String] {
        try ["new", "cur"].flatMap { folder -> [String] in
            let path = "\(path)/\(folder)"
            guard FileManager.default.fileExists(atPath: path) else { return [] }
            return try FileManager.default.contentsOfDirectory(atPath: path).sorted().map { "\(path)/\($0)" }
        }
    }

    func messages() throws -> [Data] {
        try paths().map { try Data(contentsOf: URL(fileURLWithPath: $0)) }
    }
}
