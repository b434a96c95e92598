/// Tries how long a text would be if it were changed.
struct TextTrial: Sendable {
    let change: TextChange
    private(set) var count = 0
    /// Whether the change cannot be made after all.
    private(set) var isHopeless = false
    private var rewriter: TextRewriter
    private var output: [UInt8] = []

    init(_ change: TextChange) {
        self.change = change
        // The length of base64 follows from that of the text, or of what means something in it.
        let isCounted = change == .keep || change == .base64 || change == .mendBase64
        rewriter = TextRewriter(isCounted ? .leaveOut : change)
    }

    mutating func take(_ octets: UnsafeRawBufferPointer) {
        if change == .mendBase64 {
            count += Base64.countDigits(octets)
            return
        }
        rewriter.take(octets, into: &output)
        countOutput()
    }

    mutating func finish(isEndOfMessage: Bool) {
        if change == .mendBase64, count > 0 {
            count += ((count - 1) / Base64.lineLength + (isEndOfMessage ? 1 : 0)) * 2
            return
        }
        rewriter.finish(isEndOfMessage: isEndOfMessage, into: &output)
        isHopeless = rewriter.isHopeless
        countOutput()
    }

    private mutating func countOutput() {
        count += output.count
        output.removeAll(keepingCapacity: true)
    }
}

extension Base64 {
    /// How long a text is in base64: without the end of its last line where a boundary follows.
    static func sizeOfText(_ count: Int, isEndOfMessage: Bool) -> Int {
        count == 0 ? 0 : Int(sizeOfLines(UInt64(count))) - (isEndOfMessage ? 0 : 2)
    }
}
