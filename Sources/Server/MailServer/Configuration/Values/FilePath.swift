/// The path of a file, absolute or from the folder in which the server is started.
package struct FilePath: Hashable, Sendable, CustomStringConvertible, ConfigurationValue {
    package let description: String

    package static var typeName: String { "file" }

    package init(_ node: TOMLNode) throws(ValueRefusal) {
        description = try FolderPath(node).description
    }

    package var toml: String? { TOMLText.string(description) }
}
