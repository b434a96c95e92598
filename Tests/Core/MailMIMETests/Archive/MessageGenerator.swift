import MailMIME

/// Makes messages as an archive of many years has them: languages, structures and defects mixed, the same ones for the
/// same seed.
struct MessageGenerator {
    private var random: SplitMix64

    init(seed: UInt64) {
        random = SplitMix64(state: seed)
    }

    /// The next message, with its line ends, which are CRLF or LF throughout.
    mutating func message() -> [UInt8] {
        let header = lines([
            "From: \(mailbox())", "To: \(mailbox()), \(mailbox())", "Date: \(date())",
            "Message-ID: <\(number(1 << 30))@archive.example>", "Subject: \(subject())",
            "Received: from a.example (a.example [192.0.2.\(number(255))])\n by b.example with ESMTPS id \(number(9_999));\n \(date())",
        ])
        let text = defective(header + part(depth: 0))
        let isCRLF = chance(2)
        return text.flatMap { $0 == 0x0A && isCRLF ? [0x0D, 0x0A] : [$0] }
    }

    /// An archive in mbox form (RFC 4155), and the messages in it: lines that begin with `From ` are quoted.
    mutating func mbox(_ count: Int) -> (archive: [UInt8], messages: [[UInt8]]) {
        var archive: [UInt8] = []
        var messages: [[UInt8]] = []
        for _ in 0..<count {
            let lines = message().split(separator: 0x0A, omittingEmptySubsequences: false)
            let quoted = lines.map { line -> [UInt8] in
                line.starts(with: "From ".utf8) ? [UInt8(ascii: ">")] + line : Array(line)
            }
            var message = Array(quoted.joined(separator: [UInt8(0x0A)]))
            if message.last != 0x0A { message.append(0x0A) }
            messages.append(message)
            archive += Array("From ann@example.org Sat Nov 21 20:00:00 2026\n".utf8) + message + [0x0A]
        }
        return (archive, messages)
    }

    // MARK: Parts

    /// The fields that tell of the part, an empty line, and its body.
    private mutating func part(depth: Int) -> [UInt8] {
        switch number(depth > 3 ? 6 : 9) {
        case 0:
            return lines(["Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 8bit", ""]) + text()
        case 1: return lines([""]) + Array("plain text, and nothing but that\n".utf8)
        case 2:
            let encoded = QuotedPrintable.encode(text()).filter { $0 != 0x0D }
            return lines([
                "Content-type: TEXT/HTML; CHARSET=\"utf-8\"", "Content-Transfer-Encoding: quoted-printable", "",
            ])
                + encoded
        case 3: return file(name: pick(["a.png", "=?utf-8?q?gr=C3=BC=C3=9Fe=2Epdf?=", "../../x", "a b.txt"]))
        case 4:
            return lines(["Content-Type: text/plain; charset=\(pick(["koi8-r", "iso-8859-1", "big5", "x-none"]))", ""])
                + (0..<number(200)).map { _ in UInt8(0x80 + number(127)) } + [0x0A]
        case 5:
            return lines(["Content-Type: text/plain", ""])
                + Array("a file\nbegin 644 cat.txt\n#0V%T\n`\nend\nwas that\n".utf8)
        case 6: return lines(["Content-Type: message/rfc822", "", "Subject: \(subject())"]) + part(depth: depth + 1)
        default: return multipart(depth: depth)
        }
    }

    private mutating func multipart(depth: Int) -> [UInt8] {
        let boundary = "=_\(number(1 << 40))"
        let kind = pick(["mixed", "alternative", "related", "digest", "report; report-type=delivery-status"])
        var body = lines(["Content-Type: multipart/\(kind);\n boundary=\"\(boundary)\"", "", "preamble"])
        for _ in 0...number(3) { body += lines(["", "--\(boundary)"]) + part(depth: depth + 1) }
        if !chance(10) { body += lines(["", "--\(boundary)--"]) }
        return body + (chance(3) ? lines(["epilogue"]) : [])
    }

    private mutating func file(name: String) -> [UInt8] {
        let bytes = (0..<number(4_000)).map { _ in UInt8(number(255)) }
        return lines([
            "Content-Type: application/octet-stream; name=\"\(name)\"", "Content-Disposition: attachment;",
            "\tfilename*0*=utf-8''a%20; filename*1=\"b\"", "Content-Transfer-Encoding: base64", "",
        ]) + Base64.encodeLines(bytes).filter { $0 != 0x0D }
    }

    // MARK: Words

    private mutating func text() -> [UInt8] {
        Array((0...number(30)).map { _ in "\(pick(Self.sentences))\n" }.joined().utf8)
    }

    private mutating func subject() -> String {
        let words = [
            "Weekly report", "=?iso-8859-1?Q?Gr=FC=DFe?=", "=?utf-8?b?5LiW55WM?=\n =?utf-8?b?5LiW?=", "Re: Re: a?=b",
            "",
        ]
        return "\(pick(words)) \(number(999))"
    }

    private mutating func mailbox() -> String {
        pick([
            "ann@example.org", "Ann Author <ann@example.org>", "\"Author, Ann\" <ann@example.org>",
            "=?utf-8?q?=C3=84nne?= <aenne@example.org>", "friends: bob@example.org, carol@example.org;",
            "ann@example.org (Ann)", "<@relay.example:ann@example.org>", "nobody in particular",
            "Ännchen <ännchen@example.org>",
        ])
    }

    private mutating func date() -> String {
        pick([
            "Sat, 21 Nov 2026 20:00:\(10 + number(49)) +0100", "21 Nov 26 20:00 EST", "Sat Nov 21 20:00:00 2026",
            "soon",
            "Sat, 21 Nov 2026 20:00:00 -0000 (UTC)",
        ])
    }

    private static let sentences = [
        "Die Grüße kamen an.", "世界はとても広い。", "Привет, мир", "مرحبا بالعالم", "From the beginning of a line", ".",
        "a line that is long " + String(repeating: "and longer ", count: 20), "", "-- ", "=?utf-8?q?no_header?=", "👩‍👩‍👧‍👦",
    ]

    // MARK: Defects

    /// Most messages stay as they are; some are cut off, lose lines, or get octets that have no place there.
    private mutating func defective(_ message: [UInt8]) -> [UInt8] {
        var message = message
        switch number(20) {
        case 0: message.removeLast(number(message.count - 1))
        case 1: message.insert(contentsOf: [0x0A, 0x0A], at: number(message.count))
        case 2: message.insert(contentsOf: (0..<8).map { _ in UInt8(number(255)) }, at: number(message.count))
        case 3: message.insert(contentsOf: Array(" folded\n".utf8), at: 0)
        case 4: message.insert(contentsOf: Array("\nno field at all\n".utf8), at: number(60))
        case 5: message.insert(0x0D, at: number(message.count))
        default: break
        }
        return message
    }

    // MARK: Chance

    private func lines(_ lines: [String]) -> [UInt8] { Array(lines.map { "\($0)\n" }.joined().utf8) }

    /// From 0 to `most`.
    private mutating func number(_ most: Int) -> Int { Int.random(in: 0...max(0, most), using: &random) }

    private mutating func chance(_ oneIn: Int) -> Bool { number(oneIn - 1) == 0 }

    private mutating func pick(_ texts: [String]) -> String { texts[number(texts.count - 1)] }
}

/// A generator of Steele, Lea and Flood (2014): the same numbers for the same state.
struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
