/// Where the values of a configuration come from.
package struct ConfigurationOrigins: Sendable {
    /// The file as the user named it; nil without one.
    package let file: String?
    private(set) var lines: [[String]: Int]

    init(file: String? = nil, lines: [[String]: Int] = [:]) {
        self.file = file
        self.lines = lines
    }

    /// The line of a key, from 1; nil for one that is not in the file.
    package func line(of path: [String]) -> Int? { lines[path] }

    /// The line of the nearest thing in the file that holds `path`.
    func nearestLine(to path: [String]) -> Int? {
        var path = path
        while !path.isEmpty {
            if let line = lines[path] { return line }
            path.removeLast()
        }
        return nil
    }

    /// Knows everything below `path` by another path too: `Example.ORG` as `example.org`.
    mutating func copy(_ path: [String], to other: [String]) {
        for (old, line) in lines where old.starts(with: path) { lines[other + old.dropFirst(path.count)] = line }
    }
}
