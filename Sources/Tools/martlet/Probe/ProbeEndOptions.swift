import ArgumentParser

/// Where a probe ends before its time.
struct ProbeEndOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Say QUIT after the answer to: banner, ehlo, xclient, mail, rcpt.", valueName: "stage"))
    var quitAfter: ProbeStage?
    @Option(
        help: ArgumentHelp(
            "Close without QUIT after: connect, banner, ehlo, xclient, mail, rcpt, data, dot.", valueName: "stage"))
    var dropAfter: ProbeStage?
    @Option(
        help: ArgumentHelp(
            "Close without waiting for the answer to: ehlo, xclient, mail, rcpt, data, dot.", valueName: "stage"))
    var dropAfterSend: ProbeStage?

    func validate() throws {
        if [quitAfter, dropAfter, dropAfterSend].compactMap(\.self).count > 1 {
            throw ValidationError("only one of --quit-after, --drop-after and --drop-after-send can be")
        }
        if quitAfter == .data || quitAfter == .connect {
            throw ValidationError("QUIT cannot be said there; use --drop-after")
        }
        if dropAfterSend == .connect || dropAfterSend == .banner {
            throw ValidationError("nothing is sent there; use --drop-after")
        }
    }
}
