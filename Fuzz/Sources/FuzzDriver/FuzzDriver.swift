import Foundation

/// What each fuzzer has for a `main`: with libFuzzer's arguments it fuzzes; with `seeds FOLDER` it writes its seeds.
public enum FuzzDriver {
    nonisolated(unsafe) private static var test: (UnsafeRawBufferPointer) -> Bool = { _ in false }

    /// - Parameter test: traps where something does not hold. False keeps the input out of the corpus.
    public static func main(seeds: [String: Data], test: @escaping (UnsafeRawBufferPointer) -> Bool) throws {
        if CommandLine.arguments.count == 3, CommandLine.arguments[1] == "seeds" {
            return try write(seeds, to: CommandLine.arguments[2])
        }
        self.test = test
        var count = CommandLine.argc
        var arguments = CommandLine.unsafeArgv
        exit(runFuzzer(&count, &arguments) { FuzzDriver.test(UnsafeRawBufferPointer(start: $0, count: $1)) ? 0 : -1 })
    }

    private static func write(_ seeds: [String: Data], to folder: String) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for (name, seed) in seeds {
            try seed.write(to: URL(fileURLWithPath: folder).appendingPathComponent(name))
        }
    }
}

/// libFuzzer's way in for a program with a `main` of its own.
@_silgen_name("LLVMFuzzerRunDriver")
private func runFuzzer(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ test: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt
