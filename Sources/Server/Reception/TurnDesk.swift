public import NIOCore
public import SMTPCore

/// Where connections go whose roles change (TURN, RFC 821 §3.8; ATRN, RFC 2645).
public protocol TurnDesk: Sendable {
    /// Whether TURN is for a peer at all: what EHLO and HELP tell it.
    ///
    /// - Parameter identity: who the peer has proved to be.
    func offersTurn(to identity: String) -> Bool

    /// Whether a peer may have what it asks for.
    ///
    /// - Parameter identity: who the peer has proved to be.
    /// - Returns: why not; nil if it may.
    func mayTurn(_ request: TurnRequest, _ identity: String) async -> SMTPReply?

    /// Takes the connection and sends what waits for the peer. What is left open is closed.
    func take(_ channel: any Channel, _ peer: TurnedPeer)
}

/// The one at the other end of a connection whose roles have changed.
public struct TurnedPeer: Sendable {
    /// Who it has proved to be.
    public let identity: String
    public let request: TurnRequest
    /// The name it gave with EHLO.
    public let name: String?
    /// How the connection is encrypted; nil for one in clear.
    public let tls: TLSSession?
}
