/// The lines on which the keys of a TOML text stand, as a tree of the same shape as the text's tables.
package struct TOMLKeyLines: Sendable {
    /// From 1; nil for a key that is only part of longer ones.
    package private(set) var line: Int?
    package private(set) var children: [String: TOMLKeyLines] = [:]

    /// The keys below `path`; empty if there are none.
    subscript(path: some Collection<String>) -> TOMLKeyLines {
        get {
            guard let first = path.first else { return self }
            return children[first]?[path.dropFirst()] ?? TOMLKeyLines()
        }
        set {
            guard let first = path.first else {
                self = newValue
                return
            }
            children[first, default: TOMLKeyLines()][path.dropFirst()] = newValue
        }
    }

    /// Gives the key at `path` a line, unless it has one.
    mutating func note(_ path: ArraySlice<String>, line: Int) {
        if let first = path.first {
            children[first, default: TOMLKeyLines()].note(path.dropFirst(), line: line)
        } else if self.line == nil {
            self.line = line
        }
    }

    /// The line of the last key on `path` that has one. A key that is only part of longer ones has the first of these.
    func nearestLine(to path: ArraySlice<String>) -> Int? {
        guard let first = path.first, let child = children[first] else { return line }
        let rest = path.dropFirst()
        return (rest.isEmpty ? child.firstLine : child.nearestLine(to: rest)) ?? line
    }

    private var firstLine: Int? { line ?? children.values.compactMap(\.firstLine).min() }
}
