import ArgumentParser
import MailCore
import MailServer

struct TurnCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "turn",
        abstract: "Fetch the mail that another server keeps for this one.",
        discussion: """
            The running server connects to the other one and asks for the mail: with ATRN, or with --turn, it comes over \
            the same connection, on which the two change their roles; with --etrn the other server makes connections of its \
            own. Where no mail waits the command ends well, too.

            EXAMPLES
              martlet turn smtp://isp.example:366 example.org
              martlet turn --turn --send example.net --tls verify smtp://isp.example
              martlet turn --etrn smtp://isp.example example.org @example.com
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
    var tls = "may"
    @Argument(help: "The other server: smtp://host:port or smtps://host:port.") var server: String
    @Argument(help: "The domains whose mail is wanted; all that it keeps for us if none is named.") var domains:
        [String] =
            []

    func validate() throws {
        if etrn, turn { throw ValidationError("--etrn and --turn do not go together") }
        do { _ = try order().requests() } catch { throw ValidationError("\(error)") }
    }

    private func order() throws -> TurnOrder {
        guard let tls = TurnOrder.Encryption(rawValue: tls) else {
            throw ValidationError("--tls is off, may, must or verify")
        }
        return TurnOrder(
            server: server, command: etrn ? .etrn : turn ? .turn : .atrn, names: domains, send: send, tls: tls)
    }

    func run() async throws {
        let data = try options.load().data
        var failed = false
        do {
            guard let socket = try ControlSocket(data: data) else {
                throw ExitStatus.unavailable.failing("no server runs on \(data), to which the mail could come")
            }
            try socket.ask(.turn(try order())) { answer in
                switch answer {
                case .said(let text): StandardOutput.print(text.escapingControls)
                case .failure(let text):
                    failed = true
                    StandardError.print("martlet: \(text)".escapingControls)
                default: break
                }
            }
        } catch let error as ControlError {
            throw ExitStatus(error).failing("\(error)")
        }
        if failed { throw ExitCode(ExitStatus.unavailable.rawValue) }
    }
}
