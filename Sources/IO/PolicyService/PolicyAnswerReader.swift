public import struct NIOCore.ByteBuffer

/// Gathers what a policy program answers: lines that end in LF, and an empty one behind them.
public struct PolicyAnswerReader: Sendable {
    /// Octets that an answer may have, without its empty line.
    public static let limit = 16 * 1_024

    private var input: [UInt8] = []
    private var isDone = false

    public init() {}

    /// Takes octets of the program.
    ///
    /// - Returns: what the answer says, or that it is none; nil while more of it must come, and behind its end.
    public mutating func receive(_ octets: ByteBuffer) -> Result<PolicyAnswer, PolicyFailure>? {
        for octet in octets.readableBytesView where !isDone {
            isDone = octet == Self.lineFeed && input.last == Self.lineFeed
            if isDone { return answer }
            isDone = input.count > Self.limit
            if isDone { return .failure(.unreadable) }
            input.append(octet)
        }
        return nil
    }

    private static let lineFeed = UInt8(ascii: "\n")

    private var answer: Result<PolicyAnswer, PolicyFailure> {
        let lines = input.split(separator: Self.lineFeed).map { String(decoding: $0, as: UTF8.self) }
        return PolicyAnswer(lines: lines).map(Result.success) ?? .failure(.unreadable)
    }
}
