import Glibc

/// The other program of Martlet, which knows the queue and the server.
enum MartletProgram {
    /// Becomes `martlet`, with these arguments. Returns only in the process that called, where it goes on in the
    /// background.
    static func become(_ arguments: [String], inBackground: Bool = false) throws(SendmailFailure) {
        if inBackground {
            guard daemon(1, 0) == 0 else { throw SendmailFailure(.system, "the server cannot go to the background") }
        }
        let words = ["martlet"] + arguments
        let pointers = words.map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        if let beside = folder.map({ "\($0)/martlet" }) { execv(beside, pointers) }
        execvp("martlet", pointers)
        throw SendmailFailure(.unavailable, "the program martlet is not beside this one, nor in the search path")
    }

    /// Where this program lies, behind all links.
    private static var folder: String? {
        let path = [UInt8](unsafeUninitializedCapacity: 4_096) { space, count in
            count = space.withMemoryRebound(to: CChar.self) { text in
                text.baseAddress.map { max(0, readlink("/proc/self/exe", $0, text.count)) } ?? 0
            }
        }
        guard let slash = path.lastIndex(of: UInt8(ascii: "/")) else { return nil }
        return String(decoding: path[..<slash], as: UTF8.self)
    }
}
