import Glibc
import LocalMail
import MailCore
import Testing

/// Messages at terminals, with pseudo-terminals in their place.
struct TerminalAgentTests {
    private struct Records: LoginRecords {
        let terminals: [String: [String]]
        func terminals(of user: String) -> [String] { terminals[user] ?? [] }
    }

    private static let message = TerminalMessage(
        from: .null, at: "mx.example.org", date: "now", content: Array("Tea \u{1B}[2J is ready.\r\n".utf8))

    @Test func `a message is shown at each terminal of a user that takes messages`() throws {
        let (one, two) = (try PseudoTerminal(), try PseudoTerminal())
        let agent = TerminalAgent(records: Records(terminals: ["ann": [one.path, two.path]]))
        #expect(agent.isThere("ann") && !agent.isThere("bob"))
        #expect(agent.show(Self.message, to: "ann"))
        for terminal in [one, two] {
            #expect(terminal.shown().contains("\r\nTea \\u{1b}[2J is ready.\r\n[end]\r\n"))
        }
    }

    @Test func `a terminal whose user wants no messages gets none`() throws {
        let (silent, open) = (try PseudoTerminal(mode: 0o600), try PseudoTerminal())
        let records = Records(terminals: ["ann": [silent.path], "bob": [silent.path, open.path]])
        let agent = TerminalAgent(records: records)
        #expect(!agent.isThere("ann") && !agent.show(Self.message, to: "ann"))
        #expect(agent.isThere("bob") && agent.show(Self.message, to: "bob"))
        #expect(silent.shown() == "")
        #expect(open.shown().contains("Tea"))
    }

    @Test func `a terminal that takes nothing holds up nobody`() throws {
        let stopped = try PseudoTerminal()
        stopped.fill()
        let agent = TerminalAgent(
            records: Records(terminals: ["ann": [stopped.path]]), patience: .milliseconds(50))
        #expect(!agent.show(Self.message, to: "ann"))
        let open = try PseudoTerminal()
        let both = TerminalAgent(
            records: Records(terminals: ["ann": [stopped.path, open.path]]), patience: .milliseconds(50))
        #expect(both.show(Self.message, to: "ann"))
        #expect(open.shown().contains("Tea"))
    }

    @Test(arguments: ["/dev/null", "/etc/passwd", "/dev/pts/no-such", "/"])
    func `what is no terminal is never written to`(path: String) {
        let agent = TerminalAgent(records: Records(terminals: ["ann": [path]]))
        #expect(!agent.isThere("ann") && !agent.show(Self.message, to: "ann"))
    }

    @Test func `the records of this system can be read`() {
        #expect(SystemLoginRecords().terminals(of: "nobody-of-this-name") == [])
    }
}

/// A pseudo-terminal, of which the test holds the end where a screen would be.
private final class PseudoTerminal {
    let path: String
    private let screen: Int32
    /// TIOCSPTLCK and TIOCGPTN of Linux.
    private static let (setLock, getNumber): (UInt, UInt) = (0x4004_5431, 0x8004_5430)

    init(mode: mode_t = 0o620) throws {
        screen = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)
        var (unlocked, number): (Int32, Int32) = (0, -1)
        guard screen >= 0, ioctl(screen, Self.setLock, &unlocked) == 0, ioctl(screen, Self.getNumber, &number) == 0
        else { throw SystemCallFailed(code: errno) }
        path = "/dev/pts/\(number)"
        guard chmod(path, mode) == 0 else { throw SystemCallFailed(code: errno) }
    }

    deinit { close(screen) }

    struct SystemCallFailed: Error {
        let code: Int32
    }

    /// What has been written to the screen since the last call.
    func shown() -> String {
        var octets: [UInt8] = []
        while true {
            let chunk = [UInt8](unsafeUninitializedCapacity: 4_096) { bytes, count in
                count = max(0, read(screen, bytes.baseAddress, bytes.count))
            }
            if chunk.isEmpty { return String(decoding: octets, as: UTF8.self).replacing("\r\r\n", with: "\r\n") }
            octets += chunk
        }
    }

    /// Lets its output stop, as Ctrl-S does, until there is no room for more.
    func fill() {
        let terminal = open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY)
        defer { close(terminal) }
        let octets = [UInt8](repeating: 0x2E, count: 4_096)
        var entry = pollfd(fd: terminal, events: Int16(POLLOUT), revents: 0)
        repeat {
            while write(terminal, octets, octets.count) > 0 {}
        } while poll(&entry, 1, 100) > 0
    }
}
