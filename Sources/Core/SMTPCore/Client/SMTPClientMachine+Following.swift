import struct NIOCore.ByteBuffer

/// Transactions that go out before the one in front of them is answered.
extension SMTPClientMachine {
    /// Sends what may go out behind what has gone out already.
    mutating func sendFollowing() {
        while sentFollowing < following.count, phase == .ready, isAnswering, let last {
            let next = following[following.startIndex + sentFollowing]
            let isBehindChunk = chunk(of: last) != nil
            guard isBehindChunk ? mayGoBehindChunk(next) : mayGoBehindDot(last) else { return }
            let commands = commands(for: next)
            guard commands.refusal(remoteHost: remoteHost) == nil else { return }
            markNextSent(behindChunk: isBehindChunk)
            send(next, commands, resets: isBehindChunk)
        }
    }

    /// The last transaction that has gone out.
    private var last: ClientTransaction? {
        sentFollowing == 0 ? transaction : following[following.startIndex + sentFollowing - 1]
    }

    /// Behind a whole message that went with BDAT: another one. RSET goes between them, since only that tells what is left of
    /// a transaction whose BDAT is refused (RFC 3030 §2), and nobody may get the message of others.
    private func mayGoBehindChunk(_ next: ClientTransaction) -> Bool {
        guard let chunk = chunk(of: next), sentFollowing + 1 < Self.mostTogether else { return false }
        return octetsBehind + chunk.content.readableBytes <= Self.mostOctetsBehind
    }

    /// Behind the final dot, once all but the answer to the message has come.
    private func mayGoBehindDot(_ last: ClientTransaction) -> Bool {
        sentFollowing == 0 && !streamsChunk(last) && !last.accepted.isEmpty && awaiting.count == 1
            && awaiting.first?.stage == .endOfData
    }

    private mutating func markNextSent(behindChunk: Bool) {
        let index = following.startIndex + sentFollowing
        if let chunk = chunk(of: following[index]) {
            following[index].isSentBehind = true
            octetsBehind += chunk.content.readableBytes
        }
        following[index].awaitsReset = behindChunk
        sentFollowing += 1
    }

    /// RSET ended a transaction, or went in front of one.
    mutating func resetAnswered() {
        if transaction?.awaitsReset == true { transaction?.awaitsReset = false } else { finishTransaction() }
    }
}
