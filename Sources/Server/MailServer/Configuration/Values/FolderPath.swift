/// The path of a folder, absolute or from the folder of the configuration's file.
package struct FolderPath: Hashable, Sendable, CustomStringConvertible, ConfigurationValue {
    package let description: String

    package init(_ path: String) {
        description = path
    }

    package static var typeName: String { "folder" }

    package init(_ node: TOMLNode) throws(ValueRefusal) {
        let text = try Self.text(of: node)
        guard !text.isEmpty else { throw ValueRefusal("must not be empty") }
        guard !text.hasPrefix("~") else { throw ValueRefusal("begins with ~, which only a shell understands") }
        self.init(text)
    }

    /// - Parameter folder: with its last slash.
    func resolved(in folder: Substring) -> FolderPath {
        description.hasPrefix("/") ? self : FolderPath("\(folder)\(description)")
    }

    package var toml: String? { TOMLText.string(description) }
}
