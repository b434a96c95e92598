import ArgumentParser
import SMTPCore

/// How far a probe goes; each stage is what the server's answer to it ends.
enum ProbeStage: String, CaseIterable, ExpressibleByArgument {
    case connect, banner, ehlo, tls, xclient, auth, mail, rcpt, data, dot

    /// Where QUIT may be said.
    static let quitting = allCases.filter { $0 != .connect && $0 != .data }
    /// Where something is sent that is answered.
    static let answering = allCases.filter { $0 != .connect && $0 != .banner }

    /// For the help: `banner, ehlo`.
    static func list(_ stages: [ProbeStage]) -> String { stages.map(\.rawValue).joined(separator: ", ") }

    /// What is waited for.
    var stage: SMTPStage {
        switch self {
        case .connect: .connect
        case .banner: .greeting
        case .ehlo, .xclient: .hello
        case .tls: .startTLS
        case .auth: .auth
        case .mail: .mail
        case .rcpt: .rcpt
        case .data: .data
        case .dot: .endOfData
        }
    }
}
