import Glibc

/// Where everything goes that is not the answer itself.
enum StandardError {
    static func print(_ line: String) {
        let bytes = Array("\(line)\n".utf8)
        _ = write(STDERR_FILENO, bytes, bytes.count)
    }
}
