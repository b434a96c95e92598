import MailCore
public import PolicyService
public import SMTPCore

/// Asks a program by Postfix's policy protocol. A program that cannot be asked makes the client come again (451 4.3.5).
public struct PolicyProgram: RecipientScreen {
    private let address: @Sendable () -> PolicyAddress?
    private let asksAboutUsers: @Sendable () -> Bool
    private let service: PolicyConnector
    private let failed: @Sendable (PolicyAddress, PolicyFailure) -> Void

    /// - Parameters:
    ///   - address: where the program listens; nil where none is asked.
    ///   - asksAboutUsers: whether it is asked about who has logged in, too.
    ///   - failed: hears that a program decides nothing, and why.
    public init(
        address: @escaping @Sendable () -> PolicyAddress?,
        asksAboutUsers: @escaping @Sendable () -> Bool = { false }, service: PolicyConnector,
        failed: @escaping @Sendable (PolicyAddress, PolicyFailure) -> Void = { _, _ in }
    ) {
        self.failed = failed
        self.address = address
        self.asksAboutUsers = asksAboutUsers
        self.service = service
    }

    public var isOn: Bool { address() != nil }
    public var isOnForUsers: Bool { isOn && asksAboutUsers() }

    public func objection(to recipient: ScreenedRecipient) async -> SMTPReply? {
        guard let address = address() else { return nil }
        do throws(PolicyFailure) {
            switch try await service.ask(PolicyRequest(recipient.attributes), at: address) {
            case .noObjection: return nil
            case .refuse(let code, let status, let text): return SMTPReply(code, status, text)
            case .unknown(let action): throw .unknown(action: action)
            }
        } catch {
            failed(address, error)
            return .policyUnavailable
        }
    }
}

extension ScreenedRecipient {
    /// As Postfix's SMTPD_POLICY_README names them.
    fileprivate var attributes: [(String, String)] {
        [
            ("protocol_state", "RCPT"), ("protocol_name", hello?.verb == .helo ? "SMTP" : "ESMTP"),
            ("client_address", "\(client)"), ("client_name", "unknown"), ("reverse_client_name", "unknown"),
            ("client_port", clientPort.map(String.init) ?? ""), ("helo_name", hello?.name ?? ""),
            ("sender", reversePath.mailbox?.description ?? ""), ("recipient", "\(recipient)"),
            ("recipient_count", "0"), ("queue_id", ""), ("instance", session), ("size", "\(size ?? 0)"),
            ("sasl_method", user?.mechanism ?? ""), ("sasl_username", user?.name ?? ""), ("sasl_sender", ""),
            ("encryption_protocol", tls?.version ?? ""), ("encryption_cipher", tls?.cipher ?? ""),
        ]
    }
}

extension SMTPReply {
    fileprivate static let policyUnavailable = SMTPReply(
        451, EnhancedStatusCode(.persistentTransientFailure, 3, 5), "Whoever decides about that does not answer now")
}
