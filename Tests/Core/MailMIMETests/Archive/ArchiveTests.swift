import Foundation
import MailMIME
import Testing

/// Whatever an archive holds passes through reading and writing unchanged, octet for octet.
@Suite struct ArchiveTests {
    @Test(.collections) func `every message of the collections is written as it was read`() throws {
        let folder = try #require(CaseCollection.folder)
        let names = try FileManager.default.subpathsOfDirectory(atPath: folder).filter { $0.hasSuffix(".eml") }
        #expect(names.count >= 64)
        for name in names {
            let bytes = [UInt8](try CaseCollection.contents(of: name))
            #expect(MessageParser.parse(bytes).written() == bytes, "\(name)")
        }
    }

    @Test(.timeLimit(.minutes(5))) func `every message of an archive of 6,000 is written as it was read`() {
        var generator = MessageGenerator(seed: 4_155)
        let (archive, messages) = generator.mbox(6_000)
        var kinds: Set<MessageDefect.Kind> = []
        let found = Self.messages(in: archive)
        #expect(found.count == 6_000)
        for (bytes, expected) in zip(found, messages) {
            guard Array(bytes) == expected else {
                Issue.record("a message of the archive is cut elsewhere")
                continue
            }
            let message = MessageParser.parse(expected)
            if message.written() != expected { Issue.record("not the same: \(String(decoding: bytes, as: UTF8.self))") }
            kinds.formUnion(message.defects.map(\.kind))
        }
        // Otherwise the archive would be too tame.
        #expect(kinds.isSuperset(of: [.continuationWithoutField, .headerNotEnded, .notClosed, .boundaryNotFound]))
    }

    @Test func `bodies and fields of an archive are read, piece by piece as at once`() {
        var generator = MessageGenerator(seed: 2_822)
        var (subjects, files) = (0, 0)
        for _ in 0..<300 {
            let message = MessageParser.parse(generator.message())
            for part in message.allParts {
                let whole = part.decodedBody()
                var pieces: [UInt8] = []
                let defect = part.forEachDecodedPiece { pieces += $0 }
                #expect(pieces == whole.bytes && defect == whole.defect)
                files += part.uuencodedFiles.count { $0.name == "cat.txt" && $0.bytes == Array("Cat".utf8) }
                if let subject = part.field("subject") { subjects += subject.text.contains("=?iso") ? 0 : 1 }
            }
        }
        #expect(subjects >= 250)
        #expect(files > 30)
    }

    /// The messages between the separators, without the empty line in front of each.
    private static func messages(in archive: [UInt8]) -> [ArraySlice<UInt8>] {
        let separator = Array("\nFrom ".utf8)
        var messages: [ArraySlice<UInt8>] = []
        var start = 0
        while let begin = archive[start...].firstIndex(of: 0x0A) {
            var end = begin
            repeat {
                end = archive[(end + 1)...].firstIndex(of: 0x0A) ?? archive.endIndex
            } while end < archive.endIndex && !archive[end...].starts(with: separator)
            messages.append(archive[(begin + 1)..<(end == archive.endIndex ? end - 1 : end)])
            start = min(end + 1, archive.endIndex)
        }
        return messages
    }
}
