import FoundationEssentials

extension StandardOutput {
    /// Writes a line at once, so that whoever reads sees it when it happens. That it cannot be written is no reason to
    /// stop what is under way; `finish` tells it.
    static func print(_ line: String, terminator: String = "\n") {
        try? write(Data("\(line)\(terminator)".utf8))
    }
}
