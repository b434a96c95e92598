import MailCore
import MailSpool

/// Something that a check of the queue found.
package struct CheckFinding: Codable, Sendable {
    package let queueID: String?
    package let text: String
    /// Files that hold what was set aside.
    package let setAside: [String]

    private enum CodingKeys: String, CodingKey {
        case text
        case queueID = "queue_id"
        case setAside = "set_aside"
    }

    init(_ finding: SpoolCheckReport.Finding) {
        queueID = finding.id?.description
        text = finding.text
        setAside = finding.setAside
    }
}

/// What a check of the queue came to.
package struct CheckSummary: Codable, Sendable {
    /// The messages that are as they should be.
    package let messages: Int
    package let octets: UInt64
    package let findings: Int

    init(_ report: SpoolCheckReport) {
        (messages, octets, findings) = (report.messages, report.octets, report.findings.count)
    }
}
