import ArgumentParser
import SMTPCore

/// How far a probe goes; each stage is what the server's answer to it ends.
enum ProbeStage: String, CaseIterable, ExpressibleByArgument {
    case connect, banner, ehlo, xclient, mail, rcpt, data, dot

    /// What is waited for.
    var stage: SMTPStage {
        switch self {
        case .connect: .connect
        case .banner: .greeting
        case .ehlo, .xclient: .hello
        case .mail: .mail
        case .rcpt: .rcpt
        case .data: .data
        case .dot: .endOfData
        }
    }
}
