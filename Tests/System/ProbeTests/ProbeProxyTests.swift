import MailTesting
import Testing

/// On whose behalf a probe speaks.
struct ProbeProxyTests {
    @Test func `a PROXY header comes before everything else`() async throws {
        try await ScriptedRemote.with { remote in
            let result = try await run(
                MartletServer.program,
                [
                    "probe", "127.0.0.1:\(remote.port)", "--proxy-version", "1", "--proxy-source", "192.0.2.7:4711",
                    "--drop-after", "banner", "--name-server", "127.0.0.1:1",
                ])
            #expect(result.status == 0, "\(result.output)")
            #expect(try await remote.commands(1) == ["PROXY TCP4 192.0.2.7 127.0.0.1 4711 \(remote.port)"])
        }
    }

    @Test func `XCLIENT is said only where it is offered, with its values encoded`() async throws {
        try await ScriptedRemote.with(RemoteScript(extensions: ["XCLIENT NAME ADDR"])) { remote in
            let result = try await probe(
                remote, "--xclient-name", "a b", "--xclient-addr", "2001:db8::7", "--xclient-login", "x=y")
            #expect(result.status == 69)
            #expect(try await remote.commands(2)[1] == "XCLIENT NAME=a+20b ADDR=IPV6:2001:db8::7 LOGIN=x+3Dy")
        }
        try await ScriptedRemote.with { remote in
            let result = try await probe(remote, "--xclient", "NAME=a")
            #expect(result.status == 69)
            #expect(result.output.contains("the server offers no XCLIENT to this host"))
        }
    }

    @Test(arguments: [
        ["--proxy-version", "3", "--proxy-source", "192.0.2.1"], ["--proxy-version", "1"],
        ["--proxy-version", "1", "--proxy-source", "nobody"], ["--quit-after", "data"],
        ["--drop-after-send", "banner"],
        ["--quit-after", "mail", "--drop-after", "mail"], ["--data", "x"], ["--to", "nobody"], ["--timeout", "0"],
        ["--ehlo", "a b"], ["--to", "a@b.example", "--subject", "Grüße"], ["--name-server", "x"], ["-4", "-6"],
    ])
    func `arguments that make no sense are refused before anything is done`(arguments: [String]) async throws {
        let result = try await run(MartletServer.program, ["probe", "mail.example.invalid"] + arguments)
        #expect(result.status == 64)
        #expect(result.errors.hasPrefix("Error: ") && result.output.isEmpty)
    }

    @Test func `an address of the other kind than is asked for is refused`() async throws {
        let result = try await run(MartletServer.program, ["probe", "-6", "127.0.0.1:25"])
        #expect(result.status == 64 && result.errors.contains("127.0.0.1 is no IPv6 address"))
    }
}
