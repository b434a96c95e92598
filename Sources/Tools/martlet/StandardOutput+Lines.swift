import FoundationEssentials

extension StandardOutput {
    /// Writes a line at once, so that whoever reads sees it when it happens. Nobody's reading is no reason to stop.
    static func print(_ line: String) {
        try? write(Data("\(line)\n".utf8))
    }
}
