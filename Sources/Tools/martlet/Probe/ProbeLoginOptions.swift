import ArgumentParser
import MailSASL

/// Who a probe logs in as.
struct ProbeLoginOptions: ParsableArguments {
    @OptionGroup var login: LoginOptions
    @Option(
        help: ArgumentHelp(
            "Log in by this mechanism of AUTH, such as LOGIN, even where it shows the password in clear.",
            valueName: "mechanism"))
    var auth: String?

    func validate() throws {
        if auth != nil, login.user == nil { throw ValidationError("--auth goes with --user") }
        if let auth, SASLMechanism(rawValue: auth.uppercased()) == nil {
            throw ValidationError("'\(auth)' is no mechanism that is known here")
        }
    }

    /// nil where nobody logs in.
    func options() throws -> ProbeLogin? {
        try login.login().map { login in
            ProbeLogin(
                credentials: .password(user: login.user, password: login.password),
                mechanism: auth.flatMap { SASLMechanism(rawValue: $0.uppercased()) })
        }
    }
}

/// Who logs in, and how.
struct ProbeLogin {
    let credentials: SASLCredentials
    /// nil for the strongest that the server offers.
    let mechanism: SASLMechanism?
}
