import Glibc
public import MailCore
import QueueCore

/// The delivery agent that gives messages to programs, as `|program` does elsewhere, but without a shell.
public struct ProgramAgent: Sendable {
    public init() {}

    /// Runs the program to its end, and blocks its thread meanwhile.
    ///
    /// - Parameter isCancelled: asked several times a second; when it says so the program is killed.
    /// - Returns: what its exit status means (sysexits.h), with the last it said.
    public func deliver(_ delivery: ProgramDelivery, isCancelled: @Sendable () -> Bool = { false }) -> Outcome {
        do throws(SystemError) {
            let feed = try ProgramInput(delivery)
            let program = try RunningProgram(delivery)
            defer { program.end() }
            var exchange = ProgramExchange(program, input: feed, timeLimit: delivery.timeLimit)
            return Outcome(try exchange.run(isCancelled: isCancelled), said: exchange.output)
        } catch {
            return Outcome(
                .deferred, status: .init(.persistentTransientFailure, 3, 0),
                diagnostic: "the program cannot be run: \(error)")
        }
    }
}

/// How a program came to its end.
enum ProgramEnd: Equatable {
    case exit(Int32)
    case signal(Int32)
    case timeLimit
    case cancelled
}

extension Outcome {
    /// - Parameter output: the last that the program said.
    init(_ end: ProgramEnd, said output: String) {
        let status = Self.status(of: end)
        let text = output.isEmpty ? end.description : "\(end): \(output)"
        switch status.class {
        case .success: self.init(.delivered, status: status, diagnostic: text)
        case .permanentFailure: self.init(.failed, status: status, diagnostic: text)
        case .persistentTransientFailure: self.init(.deferred, status: status, diagnostic: text)
        }
    }

    /// A program that was killed may succeed the next time.
    private static func status(of end: ProgramEnd) -> EnhancedStatusCode {
        guard case .exit(let code) = end else { return .init(.persistentTransientFailure, 3, 0) }
        return EnhancedStatusCode(exitStatus: code)
    }
}

extension ProgramEnd: CustomStringConvertible {
    var description: String {
        switch self {
        case .exit(let code): "exit status \(code)"
        case .signal(let number): "killed by signal \(number)"
        case .timeLimit: "killed at its time limit"
        case .cancelled: "killed, for the attempt was stopped"
        }
    }
}
