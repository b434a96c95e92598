import SwiftASN1
import X509

import struct FoundationEssentials.Date

/// A server's own certificate that stands among the roots is trusted for itself, though it is no authority.
struct OwnCertificatePolicy: VerifierPolicy {
    /// What these say matters only for a certificate that signs others.
    let verifyingCriticalExtensions: [ASN1ObjectIdentifier] = [
        .X509ExtensionID.basicConstraints, .X509ExtensionID.keyUsage,
    ]
    let now: Date

    func chainMeetsPolicyRequirements(chain: UnverifiedCertificateChain) -> PolicyEvaluationResult {
        guard chain.count == 1 else { return .failsToMeetPolicy(reason: "it is none of the roots") }
        guard chain.leaf.notValidBefore <= now, now <= chain.leaf.notValidAfter else {
            return .failsToMeetPolicy(reason: "it is not valid now")
        }
        return .meetsPolicy
    }
}
