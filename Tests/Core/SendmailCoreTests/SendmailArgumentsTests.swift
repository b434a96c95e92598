import MailCore
import SendmailCore
import Testing

/// The argument lists that programs really use.
struct SendmailArgumentsTests {
    private func parse(_ line: String, name: String = "sendmail") throws -> SendmailArguments {
        try SendmailArguments(name: name, arguments: line.split(separator: " ").map(String.init))
    }

    @Test func `PHP glues the reverse path to -f`() throws {
        let arguments = try parse("-t -i -fbounce@example.com")
        #expect(arguments.readsRecipients && arguments.ignoresDots)
        #expect(arguments.sender == "bounce@example.com")
    }

    @Test func `mutt gives values behind a space, and ends the options`() throws {
        let arguments = try parse("-oem -oi -f me@x.example -N failure,delay -R hdrs -B8BITMIME -- -odd@x.example bob")
        #expect(arguments.ignoresDots)
        #expect(arguments.sender == "me@x.example")
        #expect(arguments.notify == [.failure, .delay])
        #expect(arguments.returned == .headers)
        #expect(arguments.recipients == ["-odd@x.example", "bob"])
    }

    @Test func `git gives no end of the options`() throws {
        let arguments = try parse("-f bounce -i to@x.example cc@x.example")
        #expect(arguments.sender == "bounce")
        #expect(arguments.recipients == ["to@x.example", "cc@x.example"])
    }

    @Test func `cron and anacron name themselves`() throws {
        let arguments = try parse("-FCronDaemon -i -B8BITMIME -oem root")
        #expect(arguments.fullName == "CronDaemon")
        #expect(arguments.recipients == ["root"])
        #expect(try parse("-FAnacron -odi root").recipients == ["root"])
    }

    @Test(arguments: ["-ti", "-it", "-t -oi", "-t -O IgnoreDots"]) func `flags come in clusters`(_ line: String) throws
    {
        let arguments = try parse(line)
        #expect(arguments.readsRecipients && arguments.ignoresDots)
    }

    @Test(
        arguments: [
            ("-bs", .smtp), ("-bs -i", .smtp), ("-bp", .listQueue), ("-bi", .rebuildAliases), ("-I", .rebuildAliases),
            ("-bv ann", .verify), ("-q", .runQueue(.all)), ("-qf", .runQueue(.all)), ("-q15m", .nothing),
            ("-qIABC", .runQueue(.message("ABC"))), ("-qR@example.org", .runQueue(.recipients("@example.org"))),
            ("-qSann", .runQueue(.senders("ann"))), ("-bm ann", .deliver),
            ("-bd", .serve(inBackground: true)), ("-bD", .serve(inBackground: false)),
            ("-bd -q15m", .serve(inBackground: true)),
            ("-bh", .nothing), ("-bt", .unknown("t")), ("--help", .help),
        ] as [(String, SendmailArguments.Mode)])
    func `a mode`(_ line: String, _ mode: SendmailArguments.Mode) throws {
        #expect(try parse(line).mode == mode)
    }

    @Test(
        arguments: [
            ("mailq", .listQueue), ("newaliases", .rebuildAliases), ("runq", .runQueue(.all)), ("sendmail", .deliver),
        ]
            as [(String, SendmailArguments.Mode)])
    func `the name of the program is a mode`(_ name: String, _ mode: SendmailArguments.Mode) throws {
        #expect(try parse("", name: name).mode == mode)
    }

    @Test func `what other sendmails know is taken in silence`() throws {
        let line =
            "-Am -Ac -em -ep -h 5 -L tag -m -n -o7 -oA/etc/aliases -odb -U -G -X log -d8 -p ESMTP:host -x -s -v ann"
        let arguments = try parse(line)
        #expect(arguments.recipients == ["ann"])
        #expect(arguments.warnings.isEmpty)
    }

    @Test func `an option that nobody knows is a warning and no failure`() throws {
        let arguments = try parse("-Zfoo -i ann")
        #expect(arguments.warnings == ["unknown option -Zfoo is ignored"])
        #expect(arguments.ignoresDots)
        #expect(arguments.recipients == ["ann"])
    }

    @Test(arguments: ["-f", "-N sometimes", "-R most", "-B 9BIT"]) func `what makes no sense is said`(_ line: String) {
        #expect(throws: SendmailUsageError.self) { try parse(line) }
    }

    @Test func `an envelope ID cannot break out of its line`() {
        #expect(throws: SendmailUsageError.self) {
            try SendmailArguments(name: "sendmail", arguments: ["-V", "a\nto eve@x.example", "ann"])
        }
    }
}
