import Foundation
import Testing

/// Collections of messages and header fields with the reading that others expect, which lie outside of the project; the
/// variable MARTLET_CASES names the folder.
enum CaseCollection {
    static var folder: String? { ProcessInfo.processInfo.environment["MARTLET_CASES"] }

    static func contents(of path: String) throws -> Data {
        try Data(contentsOf: URL(filePath: #require(folder)).appending(path: path))
    }

    static func json(_ path: String) throws -> Any {
        try JSONSerialization.jsonObject(with: contents(of: path), options: .fragmentsAllowed)
    }

    static func names(in path: String, suffix: String) throws -> [String] {
        let folder = try URL(filePath: #require(folder)).appending(path: path).path
        return try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(suffix) }.sorted()
    }
}

extension Trait where Self == ConditionTrait {
    /// Skips a test where the collections are not there.
    static var collections: Self {
        .enabled(if: CaseCollection.folder != nil, "the variable MARTLET_CASES names no folder with collections")
    }
}
