import Glibc
import MailCore

extension Outcome {
    /// What a failed system call means for a recipient. It is always worth another attempt: a person can free the disk,
    /// raise the quota or repair the mailbox.
    init(_ error: SystemError) {
        let status =
            switch error.code {
            case EDQUOT: EnhancedStatusCode(.persistentTransientFailure, 2, 2)
            case ENOSPC, EFBIG: EnhancedStatusCode(.persistentTransientFailure, 3, 1)
            default: EnhancedStatusCode(.persistentTransientFailure, 3, 0)
            }
        self.init(.deferred, status: status, diagnostic: "the mailbox cannot be written: \(error)")
    }
}
