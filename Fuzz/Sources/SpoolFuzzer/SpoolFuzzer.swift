import Foundation
import FuzzDriver
import MailCore
import MailSpool

/// A log that anything may have been written to, and what the start of a spool makes of it: it mends or sets aside, and
/// the next start finds nothing more to do.
@main
enum SpoolFuzzer {
    private static let folder = NSTemporaryDirectory() + "martlet-fuzz-\(getpid())"

    static func main() throws {
        let seeds = [
            "record": SpoolInput.seed(envelopes: 1), "records": SpoolInput.seed(envelopes: 3),
            "copy": SpoolInput.seed(envelopes: 2, flags: 2), "file": SpoolInput.seed(envelopes: 2, flags: 1),
        ]
        try FuzzDriver.main(seeds: seeds) { input in
            do {
                try play(SpoolInput(input))
            } catch let error as SpoolError {
                // Only what another version has written stops a start.
                guard case .laterLogVersion = error else { fatalError("\(error)") }
            } catch {
                fatalError("\(error)")
            }
            return true
        }
    }

    private static func play(_ input: SpoolInput) throws {
        try? FileManager.default.removeItem(atPath: folder)
        try FileManager.default.createDirectory(atPath: "\(folder)/log", withIntermediateDirectories: true)
        try input.log.write(to: URL(fileURLWithPath: "\(folder)/log/\(SpoolInput.segment)"))
        let first = try start()
        expect(first.reindexed <= input.records, "\(first.reindexed) of \(input.records) records")
        let second = try start()
        expect(second.reindexed == 0 && second.setAside.isEmpty && second.cutOctets == 0, "\(first), \(second)")
    }

    private static func start() throws -> RecoveryReport {
        var settings = SpoolSettings()
        settings.preallocation = 0
        let spool = try Spool.open(directory: folder, settings: settings, now: { Timestamp(microseconds: 1_000_000) })
        spool.close()
        return spool.recovery
    }
}
