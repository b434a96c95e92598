import MailCore

extension QuotedPrintable {
    /// Reads quoted-printable (RFC 2045 §6.7): blanks at the end of a line are dropped, and a `=` that begins nothing
    /// stays as it is.
    public static func decode(_ text: some Sequence<UInt8>) -> Decoding {
        let input = Array(text)
        var output: [UInt8] = []
        output.reserveCapacity(input.count)
        var isClean = true
        var position = 0
        // Where the output may not be trimmed any more: behind what was encoded or ended a line.
        var firm = 0
        while position < input.count {
            let byte = input[position]
            position += 1
            switch byte {
            case ASCII.lf:
                let hasReturn = output.last == ASCII.cr && output.count > firm
                if hasReturn { output.removeLast() }
                trimBlanks(&output, downTo: firm)
                if hasReturn { output.append(ASCII.cr) }
                output.append(ASCII.lf)
                firm = output.count
            case UInt8(ascii: "="):
                if let end = softLineEnd(input, position) {
                    position = end
                } else if position + 1 < input.count, let high = input[position].hexadecimalValue,
                    let low = input[position + 1].hexadecimalValue
                {
                    output.append(high << 4 | low)
                    position += 2
                } else {
                    isClean = false
                    output.append(byte)
                }
                firm = output.count
            default: output.append(byte)
            }
        }
        return Decoding(bytes: output, isClean: isClean)
    }

    /// Where the next line begins if only blanks lie between here and the end of the line.
    private static func softLineEnd(_ input: [UInt8], _ start: Int) -> Int? {
        var position = start
        while position < input.count, input[position] == ASCII.space || input[position] == ASCII.tab { position += 1 }
        if position == input.count { return position }
        if input[position] == ASCII.cr { position += 1 }
        guard position < input.count, input[position] == ASCII.lf else { return nil }
        return position + 1
    }

    private static func trimBlanks(_ output: inout [UInt8], downTo floor: Int) {
        while output.count > floor, let last = output.last, last == ASCII.space || last == ASCII.tab {
            output.removeLast()
        }
    }
}
