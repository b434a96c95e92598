import MailCore

/// What kinds of octets there are in a text.
struct OctetTally: Sendable {
    private(set) var count = 0
    private(set) var survey = ContentSurvey()
    /// Whether there is a NUL, or a CR or LF alone.
    private var isBinary = false
    private var endsInCR = false

    mutating func take(_ octets: UnsafeRawBufferPointer) {
        count += octets.count
        survey.take(octets)
        guard !isBinary else { return }
        let (cr, lf, nul) = (ASCII.cr, ASCII.lf, ASCII.nul)
        var previousIsCR = endsInCR
        for octet in octets where octet <= cr || previousIsCR {
            if previousIsCR != (octet == lf) || octet == nul {
                isBinary = true
                return
            }
            previousIsCR = octet == cr
        }
        endsInCR = previousIsCR
    }

    /// The worst that does not fit the way.
    func unfit(for hop: EnvelopeOptions.Body) -> DowngradeObstacle.Octets? {
        if hop == .binary { return nil }
        if isBinary || endsInCR { return .binary }
        if survey.hasLongLine { return .longLine }
        return survey.has8Bit && hop == .sevenBit ? .eightBit : nil
    }
}
