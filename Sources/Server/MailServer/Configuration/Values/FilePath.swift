/// The path of a file, absolute or from the folder of the configuration's file.
package struct FilePath: Hashable, Sendable, CustomStringConvertible, ConfigurationValue {
    package let description: String

    package static var typeName: String { "file" }

    package init(_ node: TOMLNode) throws(ValueRefusal) {
        self.init(try FolderPath(node))
    }

    private init(_ path: FolderPath) {
        description = path.description
    }

    /// - Parameter folder: with its last slash.
    func resolved(in folder: Substring) -> FilePath { FilePath(FolderPath(description).resolved(in: folder)) }

    package var toml: String? { TOMLText.string(description) }
}
