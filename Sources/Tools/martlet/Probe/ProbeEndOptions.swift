import ArgumentParser

/// Where a probe ends before its time.
struct ProbeEndOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Say QUIT after the answer to: \(ProbeStage.list(ProbeStage.quitting)).", valueName: "stage"))
    var quitAfter: ProbeStage?
    @Option(
        help: ArgumentHelp(
            "Close without QUIT after: \(ProbeStage.list(ProbeStage.allCases)).", valueName: "stage"))
    var dropAfter: ProbeStage?
    @Option(
        help: ArgumentHelp(
            "Close without waiting for the answer to: \(ProbeStage.list(ProbeStage.answering)).", valueName: "stage"))
    var dropAfterSend: ProbeStage?

    func validate() throws {
        if [quitAfter, dropAfter, dropAfterSend].compactMap(\.self).count > 1 {
            throw ValidationError("only one of --quit-after, --drop-after and --drop-after-send can be")
        }
        if let quitAfter, !ProbeStage.quitting.contains(quitAfter) {
            throw ValidationError("QUIT cannot be said there; use --drop-after")
        }
        if let dropAfterSend, !ProbeStage.answering.contains(dropAfterSend) {
            throw ValidationError("nothing is sent there; use --drop-after")
        }
    }
}
