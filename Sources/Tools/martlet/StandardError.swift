import Glibc

/// Where everything goes that is not the answer itself.
enum StandardError {
    static func print(_ line: String) { write("\(line)\n") }

    /// Writes the text as it is, without a line end.
    static func write(_ text: String) {
        let bytes = Array(text.utf8)
        _ = Glibc.write(STDERR_FILENO, bytes, bytes.count)
    }
}
