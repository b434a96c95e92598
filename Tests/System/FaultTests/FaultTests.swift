import Foundation
import Testing

/// The real server on a disk that fails, on a system that fails, and killed at any time: what was answered with 250 is
/// never lost. One test at a time, for they load the machine. `make faults` runs all of it, `make test` a sample.
@Suite(.serialized) enum FaultTests {
    /// Whether everything is to run, and not a sample of seconds.
    static let isComplete = ProcessInfo.processInfo.environment["MARTLET_FAULTS"] != nil

    /// How often something is repeated.
    static func times(sample: Int, complete: Int) -> Int { isComplete ? complete : sample }

    /// A line of the report that `make faults` collects.
    static func report(_ name: String, _ text: String) {
        print("faults: \(name): \(text)")
    }
}
