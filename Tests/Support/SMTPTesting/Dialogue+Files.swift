import Foundation

extension Dialogue {
    /// The dialogues in `Tests/Dialogues`, by name.
    public static func all() throws -> [Dialogue] {
        let folder = URL(fileURLWithPath: #filePath).appendingPathComponent("../../../Dialogues").standardizedFileURL
        return try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
            .filter { $0.hasSuffix(".txt") }
            .map { name in
                let text = try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
                return try Dialogue(name: String(name.dropLast(4)), text: text)
            }
    }
}
