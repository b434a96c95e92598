import MailCore

/// The numbers that stand for options in the log and in the index. They never change.
extension EnvelopeOptions.Body {
    var code: Int {
        switch self {
        case .sevenBit: 0
        case .eightBit: 1
        case .binary: 2
        }
    }

    init?(code: Int) {
        switch code {
        case 0: self = .sevenBit
        case 1: self = .eightBit
        case 2: self = .binary
        default: return nil
        }
    }
}

extension EnvelopeOptions {
    /// What is either so or not: 1 for SMTPUTF8, 2 for REQUIRETLS.
    var flags: UInt8 { (smtputf8 ? 1 : 0) | (requireTLS ? 2 : 0) }

    init(body: Body, flags: UInt8, return: Return?, envelopeID: String?) {
        self.init(
            body: body, smtputf8: flags & 1 != 0, return: `return`, envelopeID: envelopeID, requireTLS: flags & 2 != 0)
    }
}

extension EnvelopeOptions.Return {
    var code: Int {
        switch self {
        case .full: 0
        case .headers: 1
        }
    }

    init?(code: Int) {
        switch code {
        case 0: self = .full
        case 1: self = .headers
        default: return nil
        }
    }
}
