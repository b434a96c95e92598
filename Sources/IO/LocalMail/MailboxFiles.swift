/// The system calls that a mailbox is written with, one method each, so that a test can count them and make them fail.
/// Folders and files are file descriptors; names are relative to a folder, and symbolic links are never followed.
package protocol MailboxFiles: Sendable {
    /// Opens the folder at an absolute path.
    func openFolder(_ path: String) throws(SystemError) -> Int32
    /// Opens a folder within a folder.
    func openFolder(_ name: String, in folder: Int32) throws(SystemError) -> Int32
    /// Makes a folder only its owner can enter; one that is there already is fine.
    func makeFolder(_ path: String) throws(SystemError)
    /// Creates a file that was not there.
    func create(_ name: String, in folder: Int32) throws(SystemError) -> Int32
    /// Writes all of the octets.
    func write(_ bytes: UnsafeRawBufferPointer, to file: Int32) throws(SystemError)
    /// Copies octets of another file, which may not end before them.
    func copy(from path: String, offset: UInt64, length: UInt64, to file: Int32) throws(SystemError)
    /// Begins to bring what was written to the disk, without waiting for it.
    func startWriteback(_ file: Int32)
    /// Returns when the file's content is on disk.
    func syncFile(_ file: Int32) throws(SystemError)
    /// Returns when the folder's names are on disk.
    func syncFolder(_ folder: Int32) throws(SystemError)
    /// Moves a file and never overwrites one.
    ///
    /// - Returns: false if the name is taken.
    func move(_ name: String, from folder: Int32, to other: Int32) throws(SystemError) -> Bool
    func remove(_ name: String, in folder: Int32)
    func names(in folder: Int32) throws(SystemError) -> [String]
    func close(_ descriptor: Int32)
}
