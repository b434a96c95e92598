import Glibc
import MailMIME

/// A file in memory as far as it is looked at: what was read of it is given back. It must not be cut while it is read.
final class MappedFile: OctetRegion, @unchecked Sendable {
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
        let start = range.lowerBound / page * page
        let end = range.upperBound == octets.count ? octets.count : range.upperBound / page * page
        guard end > start, let base = octets.baseAddress else { return }
        madvise(UnsafeMutableRawPointer(mutating: base + start), end - start, MADV_DONTNEED)
    }
}
