/// Guesses what was meant by a misspelt word.
package enum Suggestion {
    /// The nearest of `words`, if at most a third of `word` is wrong.
    package static func nearest(to word: String, among words: some Sequence<String>) -> String? {
        let allowed = max(1, word.count / 3)
        let distances = words.map { (word: $0, distance: distance(from: word, to: $0)) }
        return distances.filter { $0.distance <= allowed }.min { $0.distance < $1.distance }?.word
    }

    /// How many letters must be put in, taken out, replaced or swapped with their neighbour (the optimal string
    /// alignment distance).
    package static func distance(from one: String, to other: String) -> Int {
        let (one, other) = (Array(one), Array(other))
        var beforeLast: [Int] = []
        var last = Array(0...other.count)
        for row in stride(from: 1, through: one.count, by: 1) {
            var current = [row]
            for column in stride(from: 1, through: other.count, by: 1) {
                let same = one[row - 1] == other[column - 1]
                var best = min(last[column] + 1, current[column - 1] + 1, last[column - 1] + (same ? 0 : 1))
                if row > 1, column > 1, one[row - 1] == other[column - 2], one[row - 2] == other[column - 1] {
                    best = min(best, beforeLast[column - 2] + 1)
                }
                current.append(best)
            }
            (beforeLast, last) = (last, current)
        }
        return last[other.count]
    }
}
