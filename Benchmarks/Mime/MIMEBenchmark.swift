import Glibc
import MailCore
import MailMIME

/// Reads or writes messages again and again for some seconds of CPU: `mime-benchmark parse|decode|compose SECONDS FILE…`.
/// Prints how many octets of messages it worked through and the seconds of CPU that took.
@main
struct MIMEBenchmark {
    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count > 3, let seconds = Double(arguments[2]) else {
            print("usage: mime-benchmark parse|decode|compose SECONDS FILE...")
            exit(64)
        }
        let files = try arguments[3...].map { try read($0) }
        switch arguments[1] {
        case "parse": run(seconds) { files.reduce(0) { $0 + structure(of: $1) } }
        case "decode": run(seconds) { files.reduce(0) { $0 + contents(of: $1) } }
        case "compose":
            let mail = try ComposedMail(file: files[0])
            // A look at the clock takes a thirtieth of the time that a message does.
            run(seconds) { (0..<50).reduce(0) { size, _ in size + mail.compose() } }
        default: exit(64)
        }
    }

    /// - Parameter round: gives the octets that it worked through.
    private static func run(_ seconds: Double, _ round: () -> Int) {
        _ = round()
        let begin = cpu()
        var (octets, end) = (0, begin)
        while end - begin < seconds {
            octets += round()
            end = cpu()
        }
        print("{\"octets\": \(octets), \"cpu\": \(end - begin)}")
    }

    /// Parts and fields, found and not read.
    private static func structure(of file: [UInt8]) -> Int {
        let message = MessageParser.parse(file)
        precondition(message.partCount > 0)
        return file.count
    }

    /// Every body and every field, read.
    private static func contents(of file: [UInt8]) -> Int {
        let message = MessageParser.parse(file)
        var kept = 0
        for part in message.allParts {
            for field in part.fields { kept += read(field) }
            if part.isMultipart || part.isMessage { continue }
            kept +=
                part.mediaType.hasPrefix("text/") ? part.decodedText().text.utf8.count : part.decodedBody().bytes.count
        }
        precondition(kept >= 0)
        return file.count
    }

    private static func read(_ field: MessageField) -> Int {
        if holdsAddresses(field) { return field.addresses.count }
        if field.isNamed("date") { return field.date?.year ?? 0 }
        if field.isNamed("content-type") || field.isNamed("content-disposition") {
            return field.parameterized?.parameters.count ?? 0
        }
        return field.text.utf8.count
    }

    private static func holdsAddresses(_ field: MessageField) -> Bool {
        field.isNamed("from") || field.isNamed("to") || field.isNamed("cc") || field.isNamed("sender")
            || field.isNamed("reply-to")
    }

    private static func cpu() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    private static func read(_ path: String) throws -> [UInt8] {
        guard let file = fopen(path, "rb") else {
            print("\(path) cannot be read")
            exit(66)
        }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65_536)
        while case let count = fread(&piece, 1, piece.count, file), count > 0 { bytes += piece[..<count] }
        return bytes
    }
}
