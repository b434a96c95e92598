import ArgumentParser
import MailSASL

/// Who a probe logs in as.
struct ProbeLoginOptions: ParsableArguments {
    @OptionGroup var login: LoginOptions
    @Option(
        help: ArgumentHelp(
            "Log in by this mechanism of AUTH, such as LOGIN, even where it shows the password in clear. EXTERNAL takes the certificate of --tls-cert, and no password.",
            valueName: "mechanism"))
    var auth: String?

    func validate() throws {
        if auth != nil, login.user == nil, mechanism != .external { throw ValidationError("--auth goes with --user") }
        if let auth, mechanism == nil {
            throw ValidationError("'\(auth)' is no mechanism that is known here")
        }
    }

    /// nil where nobody logs in.
    func options() throws -> ProbeLogin? {
        if mechanism == .external {
            return ProbeLogin(credentials: .certificate(user: login.user ?? ""), mechanism: .external)
        }
        return try login.login().map { login in
            ProbeLogin(credentials: .password(user: login.user, password: login.password), mechanism: mechanism)
        }
    }

    private var mechanism: SASLMechanism? { auth.flatMap { SASLMechanism(rawValue: $0.uppercased()) } }
}

/// Who logs in, and how.
struct ProbeLogin {
    let credentials: SASLCredentials
    /// nil for the strongest that the server offers.
    let mechanism: SASLMechanism?
}
