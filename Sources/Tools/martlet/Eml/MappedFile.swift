import Glibc
import MailMIME

/// A file in memory as far as it is looked at: what was read of it is given back. It must not be cut while it is read.
final class MappedFile: OctetRegion, @unchecked Sendable {
    private static let margin = 1 << 20

    let octets: UnsafeRawBufferPointer

    /// Nil where the file cannot be mapped; errno says why.
    init?(_ file: CInt, size: Int) {
        guard let start = mmap(nil, size, PROT_READ, MAP_PRIVATE, file, 0), start != MAP_FAILED else { return nil }
        octets = UnsafeRawBufferPointer(start: start, count: size)
    }

    deinit {
        munmap(UnsafeMutableRawPointer(mutating: octets.baseAddress), octets.count)
    }

    func release(_ range: Range<Int>) {
        let page = Int(getpagesize())
        // The kernel maps pages around the one that is read, also some that were released before.
        let start = max(0, range.lowerBound - Self.margin) / page * page
        let end = range.upperBound == octets.count ? octets.count : range.upperBound / page * page
        guard end > start, let base = octets.baseAddress else { return }
        madvise(UnsafeMutableRawPointer(mutating: base + start), end - start, MADV_DONTNEED)
    }
}
