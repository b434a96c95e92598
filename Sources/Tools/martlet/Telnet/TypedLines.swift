/// Lines of standard input, as they are typed or come through a pipe.
struct TypedLines {
    private let input: InputFile
    private var received: ArraySlice<UInt8> = []

    /// - Throws: `InputError` where there is no standard input.
    init() throws {
        input = try InputFile("-")
    }

    /// The next line without its end, cut in pieces where it is longer than the limit; nil at the end.
    mutating func next(limit: Int) -> String? {
        while true {
            if let end = received.firstIndex(of: UInt8(ascii: "\n")) {
                let line = received[..<end]
                received = received[(end + 1)...]
                return Self.text(line.last == UInt8(ascii: "\r") ? line.dropLast() : line)
            }
            let piece = received.count > limit ? [] : (try? input.read()) ?? []
            if piece.isEmpty {
                defer { received = [] }
                return received.isEmpty ? nil : Self.text(received)
            }
            received += piece
        }
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }
}
