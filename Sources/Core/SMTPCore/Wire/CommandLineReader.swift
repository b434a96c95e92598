import MailCore

import struct NIOCore.ByteBuffer

/// Cuts the octets of a peer into command lines. Only CRLF ends a line (RFC 5321 §2.3.8): what stands behind a bare LF
/// is never taken for a second command.
struct CommandLineReader {
    enum Event: Equatable {
        /// A line without its CRLF.
        case line([UInt8])
        /// The line has grown over the limit; what is left of it is skipped.
        case tooLong
        /// There was an LF without a CR before it; what is left of the line is skipped.
        case bareLineFeed
        /// The line that is being skipped doesn't end.
        case endless
    }

    /// How many octets of one line are skipped before the peer is thought to send no lines at all.
    static let skipLimit = 64 * 1_024

    /// How much of a refused line is kept.
    private static let refusedLimit = 200

    /// The octets at the front of the input that are known to hold no line end.
    private var scanned = 0
    private var skipped: Int?
    private var lastWasCR = false
    /// How the line began that the last event refused; empty where that was told before.
    private(set) var refused: [UInt8] = []

    /// The next event that the input brings about; nil if it takes more input.
    ///
    /// - Parameter limit: the longest line in octets, with its CRLF.
    mutating func next(from input: inout ByteBuffer, limit: Int) -> Event? {
        if skipped != nil, let event = skip(in: &input) { return event }
        return skipped == nil ? read(from: &input, limit: limit) : nil
    }

    private mutating func read(from input: inout ByteBuffer, limit: Int) -> Event? {
        let (end, lineFeed) = input.withUnsafeReadableBytes { bytes -> (Int, Bool) in
            var position = scanned
            let stop = min(bytes.count, limit)
            while position < stop, bytes[position] != ASCII.lf { position += 1 }
            return (position, position < stop)
        }
        guard lineFeed else {
            scanned = end
            guard end >= limit else { return nil }
            return beginSkipping(end, of: &input, because: .tooLong)
        }
        scanned = 0
        guard end > 0, input.getInteger(at: input.readerIndex + end - 1, as: UInt8.self) == ASCII.cr else {
            return beginSkipping(end + 1, of: &input, because: .bareLineFeed)
        }
        let line = input.readBytes(length: end - 1) ?? []
        input.moveReaderIndex(forwardBy: 2)
        return .line(line)
    }

    private mutating func beginSkipping(_ count: Int, of input: inout ByteBuffer, because event: Event) -> Event {
        lastWasCR = input.getInteger(at: input.readerIndex + count - 1, as: UInt8.self) == ASCII.cr
        refused = input.getBytes(at: input.readerIndex, length: min(count, Self.refusedLimit)) ?? []
        if refused.last == ASCII.lf { refused.removeLast() }
        input.moveReaderIndex(forwardBy: count)
        scanned = 0
        skipped = 0
        return event
    }

    /// Drops octets up to the end of the line; what happens on the way is an event.
    private mutating func skip(in input: inout ByteBuffer) -> Event? {
        refused = []
        while let byte = input.readInteger(as: UInt8.self) {
            let ends = byte == ASCII.lf && lastWasCR
            lastWasCR = byte == ASCII.cr
            let count = (skipped ?? 0) + 1
            skipped = ends ? nil : count
            if ends { return nil }
            if count > Self.skipLimit { return .endless }
            if byte == ASCII.lf { return .bareLineFeed }
        }
        return nil
    }
}
