import MailCore

/// Decides part by part what has to be changed.
struct PlanVisitor: PartVisitor, Sendable {
    /// A part around the current place, or the one before it.
    private struct OpenPart {
        let header: PartHeader
        /// Its place among all headers.
        let index: Int
        let mediaType: String
        /// Whether it is a message that does not say that it is MIME.
        let lacksMIMEVersion: Bool

        init(_ header: PartHeader, index: Int) {
            self.header = header
            self.index = index
            mediaType = header.mediaType
            lacksMIMEVersion = header.isMessageHeader && header.fields(named: "mime-version").isEmpty
        }

        var isProtecting: Bool {
            header.kind == .multipart && (mediaType == "multipart/signed" || mediaType == "multipart/encrypted")
        }

        /// A multipart or message may not (RFC 2045 §6.4), save one that may hold UTF-8 (RFC 6532 §3.7).
        var mayBeEncoded: Bool {
            let isComposite = mediaType.hasPrefix("multipart/") || mediaType.hasPrefix("message/")
            return !isComposite || mediaType.hasPrefix("message/global")
        }
    }

    private let hop: EnvelopeOptions.Body
    private var open: [OpenPart] = []
    private var headers: [HeaderChange] = []
    private var texts: [TextChange] = []
    private var obstacle: DowngradeObstacle?
    private var growth = 0
    private var has8Bit = false
    private var tally = OctetTally()
    private var isBody = false
    private var trial = TextTrial(.keep)

    init(_ hop: EnvelopeOptions.Body) {
        self.hop = hop
    }

    /// - Throws: the first thing that is in the way.
    mutating func finish() throws(DowngradeObstacle) -> DowngradePlan {
        close(downTo: 0)
        if let obstacle { throw obstacle }
        return DowngradePlan(headers: headers, texts: texts, growth: growth, body: has8Bit ? .eightBit : .sevenBit)
    }

    /// The headers of parts that are over change no more.
    private mutating func close(downTo depth: Int) {
        while open.count > depth, let part = open.popLast() {
            let change = headers[part.index]
            if change != .none { growth += change.apply(to: part.header).count - part.header.bytes.count }
        }
    }

    private mutating func note(_ octets: DowngradeObstacle.Octets, in place: DowngradeObstacle.Place) {
        if obstacle == nil { obstacle = DowngradeObstacle(octets: octets, place: place) }
    }

    // MARK: Headers

    mutating func visit(_ header: PartHeader) {
        close(downTo: header.depth)
        let part = OpenPart(header, index: headers.count)
        var octets = OctetTally()
        header.bytes.withUnsafeBytes { octets.take($0) }
        if octets.survey.has8Bit { has8Bit = true }
        var change = HeaderChange.none
        // Octets beyond ASCII stay as they are: a field has no encoding that leaves all its readings.
        switch octets.unfit(for: .eightBit) {
        case .longLine where isProtected: note(.longLine, in: .protected)
        case .longLine where HeaderFolding.fold(header.bytes) == nil: note(.longLine, in: .header)
        case .longLine: change.folds = true
        case .binary, .eightBit: note(.binary, in: .header)
        case nil: break
        }
        if header.kind != .leaf, !isProtected, header.declared.exceeds(hop) { change.encoding = hop.encodingName }
        headers.append(change)
        open.append(part)
    }

    /// Whether a part that comes next lies in one that must not be changed.
    private var isProtected: Bool { open.contains(where: \.isProtecting) }

    // MARK: Texts

    mutating func beginText(isBody: Bool, depth: Int) {
        close(downTo: depth + 1)
        self.isBody = isBody
        tally = OctetTally()
        trial = TextTrial(isBody ? open.last.map(candidate) ?? .keep : .keep)
    }

    /// How the body would be written if it cannot stay.
    private func candidate(for part: OpenPart) -> TextChange {
        switch part.header.transferEncoding {
        case .identity: part.mediaType.hasPrefix("text/") ? .quotedPrintable : .base64
        case .quotedPrintable: .mendQuotedPrintable
        case .base64: .mendBase64
        case .uuencode, .unknown: .keep
        }
    }

    mutating func text(_ octets: UnsafeRawBufferPointer) {
        tally.take(octets)
        trial.take(octets)
    }

    mutating func endText(isEndOfMessage: Bool) {
        trial.finish(isEndOfMessage: isEndOfMessage)
        guard let unfit = tally.unfit(for: hop) else { return keep() }
        let isProtected = open.dropLast().contains(where: \.isProtecting)
        if isProtected {
            note(unfit, in: .protected)
        } else if !isBody {
            change(.leaveOut, count: 0)
        } else if let part = open.last {
            encode(part, unfit, isEndOfMessage: isEndOfMessage)
        }
    }

    mutating func boundary(_ line: UnsafeRawBufferPointer) {
        var octets = OctetTally()
        octets.take(line)
        if octets.survey.has8Bit { has8Bit = true }
        if let unfit = octets.unfit(for: .eightBit) { note(unfit, in: .boundary) }
    }

    private mutating func keep() {
        if tally.survey.has8Bit { has8Bit = true }
        texts.append(.keep)
        guard isBody, let part = open.last, !open.dropLast().contains(where: \.isProtecting),
            part.header.transferEncoding == .identity, part.header.declared.exceeds(hop)
        else { return }
        headers[part.index].encoding = (tally.survey.has8Bit ? EnvelopeOptions.Body.eightBit : .sevenBit).encodingName
    }

    private mutating func encode(_ part: OpenPart, _ unfit: DowngradeObstacle.Octets, isEndOfMessage: Bool) {
        switch trial.change {
        case .keep: note(unfit, in: .encoded)
        case .mendQuotedPrintable where unfit == .binary || trial.isHopeless: note(unfit, in: .encoded)
        case .mendQuotedPrintable, .mendBase64: change(trial.change, count: trial.count)
        case .quotedPrintable, .base64, .leaveOut:
            guard part.mayBeEncoded else { return note(unfit, in: .composite) }
            let base64 = Base64.sizeOfText(tally.count, isEndOfMessage: isEndOfMessage)
            if trial.change == .quotedPrintable, trial.count <= base64 {
                change(.quotedPrintable, count: trial.count)
                headers[part.index].encoding = "quoted-printable"
            } else {
                change(.base64, count: base64)
                headers[part.index].encoding = "base64"
            }
        }
    }

    private mutating func change(_ change: TextChange, count: Int) {
        texts.append(change)
        growth += count - tally.count
        for part in open where part.lacksMIMEVersion { headers[part.index].addsMIMEVersion = true }
    }
}
