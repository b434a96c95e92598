import Glibc
import NIOCore

extension SpoolFolder {
    /// Copies a part of a file into `damaged/`, durably; returns where it is.
    func setAside(_ path: String, from start: UInt64, to end: UInt64, as name: String) throws(FileError) -> String {
        let source = try OpenFile(path, flags: O_RDONLY)
        let place = "\(damaged)/\(name)"
        let file = try OpenFile(place, flags: O_RDWR | O_CREAT | O_TRUNC)
        let calls = SystemFileCalls()
        var position = start
        while position < end {
            let piece = try source.read(Int(min(1 << 20, end - position)), at: position)
            guard piece.readableBytes > 0 else { break }
            try calls.write(piece, to: file, at: position - start)
            position += UInt64(piece.readableBytes)
        }
        try calls.synchronize(file)
        try synchronize(damaged)
        return place
    }
}
