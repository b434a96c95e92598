import ArgumentParser
import MailCore
import MailServer
import SMTPClient

struct TurnCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "turn",
        abstract: "Fetch the mail that another server keeps for this one.",
        discussion: """
            The running server connects to the other one and asks for the mail: with ATRN, or with --turn, it comes over \
            the same connection, on which the two change their roles; with --etrn the other server makes connections of its \
            own. Where no mail waits the command ends well, too. Without --user and --tls both are as in a route to the same \
            server, where the configuration has one.

            EXAMPLES
              martlet turn smtp://isp.example:366 example.org
              martlet turn --turn --send example.net --tls verify --user example smtp://isp.example
              martlet turn --etrn smtp://isp.example example.org @example.com

            EXIT CODES
              0   the mail has come, or none waits
              64  wrong arguments, or no password where a user logs in
              69  the other server will not, or no server runs here
              75  to be tried again later: it cannot be reached, or says so
              76  no TLS with it as it is wanted, or its certificate is not trusted
              77  this user may not ask the server that runs here
              78  the configuration is wrong
            """)

    @OptionGroup var options: ConfigurationOptions
    @Flag(help: "Ask with ETRN: the other server delivers by connections of its own.") var etrn = false
    @Flag(help: "Ask with TURN, in the way of RFC 821.") var turn = false
    @Option(
        help: ArgumentHelp(
            "First send the waiting mail for this domain over the same connection; may be given several times.",
            valueName: "domain"))
    var send: [String] = []
    @Option(help: ArgumentHelp("How safe the way must be: off, may, must or verify.", valueName: "policy"))
    var tls: TurnOrder.Encryption?
    @OptionGroup var login: LoginOptions
    @Argument(help: "The other server: smtp://host:port or smtps://host:port, with user@ before the host if wanted.")
    var server: String
    @Argument(help: "The domains whose mail is wanted; all that it keeps for us if none is named.") var domains:
        [String] =
            []

    func validate() throws {
        if etrn, turn { throw ValidationError("--etrn and --turn do not go together") }
        do { _ = try order().requests() } catch { throw ValidationError("\(error)") }
    }

    private func order() throws -> TurnOrder {
        TurnOrder(server: server, command: etrn ? .etrn : turn ? .turn : .atrn, names: domains, send: send, tls: tls)
    }

    /// - Throws: the exit code after saying what is wrong with the URL or the password.
    private func orderWithLogin() throws -> TurnOrder {
        var order = try order()
        do {
            let login = try login.login(otherwise: SMTPURL(server).user)
            order.login = login.map { TurnOrder.Login(user: $0.user, password: $0.password) }
        } catch let error as SMTPURLError {
            throw ExitStatus.usage.failing("\(error)".escapingControls)
        }
        return order
    }

    func run() async throws {
        let data = try options.load().data
        let order = try orderWithLogin()
        var failure: ExitStatus?
        do {
            guard let socket = try ControlSocket(data: data) else {
                throw ExitStatus.unavailable.failing("no server runs on \(data), to which the mail could come")
            }
            try socket.ask(.turn(order)) { answer in
                switch answer {
                case .said(let text): StandardOutput.print(text.escapingControls)
                case .failure(let text):
                    failure = .unavailable
                    StandardError.print("martlet: \(text)".escapingControls)
                case .unserved(let text, let cause):
                    failure = ExitStatus(cause)
                    StandardError.print("martlet: \(text)".escapingControls)
                default: break
                }
            }
        } catch let error as ControlError {
            throw ExitStatus(error).failing("\(error)")
        }
        if let failure { throw ExitCode(failure.rawValue) }
    }
}

extension ExitStatus {
    fileprivate init(_ failure: ServerFailure) {
        switch failure {
        case .encryption: self = .protocol
        case .temporary: self = .tryAgain
        case .permanent: self = .unavailable
        }
    }
}

extension TurnOrder.Encryption: ExpressibleByArgument {}
