import ArgumentParser
import SMTPClient

/// When a probe encrypts.
enum ProbeEncryption: String, CaseIterable, ExpressibleByArgument {
    /// Where it is offered.
    case starttls
    /// From the first octet on.
    case implicit
    case off
}

/// Whether a probe encrypts, and what it holds of the certificates that it is shown.
struct ProbeTLSOptions {
    var when: ProbeEncryption
    /// Whom the server's certificate has to be for: a name or an address.
    var host: String
    /// The roots it must lead to, in PEM form; nil for those of this machine.
    var roots: String?
    /// Where to write what the server shows.
    var certificateFile: String?
    /// What the server is offered in the handshake.
    var offer = TLSOffer()
}
