import FoundationEssentials

/// Cuts what a server says on the control socket into its answers, each a line of JSON. The text of a page stands behind
/// its line as it is.
struct ControlAnswerReader {
    private var input: [UInt8] = []
    /// What has been read of the input.
    private var position = 0
    /// The page whose text comes next.
    private var page: QueuePage?
    private let decoder = JSONDecoder()

    mutating func receive(_ octets: [UInt8]) {
        input.removeSubrange(..<position)
        position = 0
        input += octets
    }

    /// The next answer; nil while more of it must come.
    mutating func next() throws -> ControlAnswer? {
        if page != nil { return pageWithText() }
        guard let end = input[position...].firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        let answer = try decoder.decode(ControlAnswer.self, from: Data(input[position..<end]))
        position = end + 1
        guard case .page(let page) = answer else { return answer }
        self.page = page
        return pageWithText()
    }

    private mutating func pageWithText() -> ControlAnswer? {
        guard var page, input.count - position >= page.length else { return nil }
        let end = position + Int(page.length)
        page.text = Data(input[position..<end])
        position = end
        self.page = nil
        return .page(page)
    }
}
