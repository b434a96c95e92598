import CUnbound
import MailCore

extension DNSAnswer {
    /// What libunbound answered.
    ///
    /// - Parameter code: libunbound's own error; only without one is there a result.
    init(to question: DNSQuestion, _ code: Int32, _ result: UnsafeMutablePointer<ub_result>?, maximumAliases: Int) {
        guard code == 0, let result = result?.pointee else {
            self = .trouble(.unboundError(code))
            return
        }
        self.init(to: question, result, maximumAliases: maximumAliases)
    }

    private init(to question: DNSQuestion, _ result: ub_result, maximumAliases: Int) {
        let isSecure = result.secure != 0
        switch result.rcode {
        case _ where result.bogus != 0:
            self = .trouble(.bogus(result.why_bogus.map { String(cString: $0) } ?? "no reason given"))
        case Self.noError where result.havedata != 0:
            let packet = UnsafeRawBufferPointer(start: result.answer_packet, count: Int(result.answer_len))
            let records = Self.records(of: result, question.type)
            if DNSAnswerPacket(packet).aliases.map({ $0 > maximumAliases }) ?? true {
                self = .trouble(.aliases)
            } else {
                self = records.isEmpty ? .trouble(.malformed) : DNSAnswer(.found, records: records, isSecure: isSecure)
            }
        case Self.noError: self = DNSAnswer(.noRecords, isSecure: isSecure)
        case Self.noName: self = DNSAnswer(.noName, isSecure: isSecure)
        default: self = .trouble(.refused(code: Int(result.rcode)))
        }
    }

    private static let noError: Int32 = 0
    private static let noName: Int32 = 3

    /// Those that can be read.
    private static func records(of result: ub_result, _ type: DNSRecordType) -> [DNSRecord] {
        guard let data = result.data, let lengths = result.len else { return [] }
        var records: [DNSRecord] = []
        var index = 0
        while let start = data[index] {
            let bytes = UnsafeRawBufferPointer(start: start, count: Int(lengths[index]))
            if let record = DNSRecord(type: type, data: bytes) { records.append(record) }
            index += 1
        }
        return records
    }
}

extension DNSTrouble {
    /// libunbound's own error.
    static func unboundError(_ code: Int32) -> DNSTrouble {
        .resolver("libunbound: " + String(cString: ub_strerror(code)))
    }
}
