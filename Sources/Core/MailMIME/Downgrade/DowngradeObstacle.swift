public import MailCore

/// Why a message cannot be made fit for the next hop.
public struct DowngradeObstacle: Error, Hashable, Sendable, CustomStringConvertible {
    /// What cannot travel.
    public enum Octets: String, Hashable, Sendable {
        case longLine = "a line of over 998 octets"
        case eightBit = "octets beyond ASCII"
        case binary = "a NUL, or a CR or LF alone"
    }

    /// Where it is, that it cannot be changed.
    public enum Place: String, Hashable, Sendable {
        case header = "a header"
        case boundary = "a line between parts"
        /// In multipart/signed or multipart/encrypted, where a change breaks what was signed (RFC 1847 §2.1).
        case protected = "a signed or encrypted part"
        /// A multipart or message that cannot be taken apart, which may have no encoding (RFC 2045 §6.4).
        case composite = "a part that may not be encoded"
        /// A part in an encoding that is broken or unknown.
        case encoded = "a part that is encoded otherwise"
        /// Parts lie too deep, or there are too many of them, for the message to be taken apart.
        case tooComplex = "a message of too many parts"
    }

    public let octets: Octets
    public let place: Place

    package init(octets: Octets, place: Place) {
        self.octets = octets
        self.place = place
    }

    /// 5.6.0 for what is no proper message anywhere, 5.6.3 for what would have to be converted for this server
    /// (RFC 3463 §3.7).
    public var status: EnhancedStatusCode {
        EnhancedStatusCode(.permanentFailure, 6, octets == .longLine ? 0 : 3)
    }

    public var description: String { "\(place.rawValue) has \(octets.rawValue), and cannot be changed" }
}
