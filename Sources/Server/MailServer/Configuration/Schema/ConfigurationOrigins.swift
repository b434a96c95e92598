/// Where the values of a configuration come from.
package struct ConfigurationOrigins: Sendable {
    /// The file as the user named it; nil without one.
    package let file: String?
    private var lines: TOMLKeyLines

    init(file: String? = nil, lines: TOMLKeyLines = TOMLKeyLines()) {
        self.file = file
        self.lines = lines
    }

    /// The line of a key, from 1; nil for one that is not in the file.
    package func line(of path: [String]) -> Int? { lines[path].line }

    /// The line of the nearest thing in the file that holds `path`.
    func nearestLine(to path: [String]) -> Int? { lines.nearestLine(to: path[...]) }

    /// Knows everything below `path` by another path too: `Example.ORG` as `example.org`.
    mutating func copy(_ path: [String], to other: [String]) {
        lines[other] = lines[path]
    }
}
