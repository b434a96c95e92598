// Whoever sends mail names messages, addresses, outcomes and replies: one import is enough.
@_exported public import MailCore
@_exported public import MailMIME
@_exported public import SMTPCore
