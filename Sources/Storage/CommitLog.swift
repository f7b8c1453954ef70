// The log of a database: one record a commit. Whatever was acknowledged is in it; a record that was
// being written when the process or the machine stopped is cut off.
//
//   log := "STARLOG1", record …
//
// A record that is not whole is torn where nothing whole stands behind it, and damage elsewhere. So
// that damage to the last commit does not pass for torn, closing the log adds one without changes.

import StarlingErrors
import StarlingFiles
import StarlingMemory
import StarlingThreads
import StarlingTypes

/// Appends commits to a log. Belongs to who holds the database's lock, one commit at a time.
package final class CommitLog {
    static let magic = Array("STARLOG1".utf8)

    private let path: String
    private let files: any FileSystem
    private(set) var file: any WritableFile
    /// Where the next record begins.
    private(set) var end: Int
    /// Where the first one ends, which may be all that was before.
    private let firstEnd: Int
    /// The number of the last commit.
    private(set) var lastNumber: UInt64
    /// Tells whether changes were appended since the log was opened.
    private var isChanged = false
    /// Set once it is not known any more what stands at the end of the file.
    private var isBroken = false

    private init(
        _ path: String, _ files: any FileSystem, _ file: any WritableFile, end: Int,
        firstEnd: Int, lastNumber: UInt64
    ) {
        self.path = path
        self.files = files
        self.file = file
        self.end = end
        self.firstEnd = firstEnd
        self.lastNumber = lastNumber
    }

    /// Appends a commit and returns it; it survives the process, and after `synchronize` a loss of
    /// power.
    func append(
        _ changes: [Change], at microseconds: Int64
    ) throws(StarlingError) -> Commit {
        try checkWhole()
        let commit = Commit(
            number: lastNumber + 1, microseconds: microseconds, changes: changes)
        let record = commit.record(at: end)
        do throws(StarlingError) {
            try file.write(record.start, count: record.count)
        } catch {
            // The disk may be full: what was written of the record goes, and the log goes on.
            do throws(StarlingError) { file = try files.append(to: path, from: end) } catch {
                isBroken = true
            }
            throw error
        }
        end += record.count
        lastNumber = commit.number
        isChanged = true
        return commit
    }

    /// The bytes that were appended since the log began anew, where they are more than it began with.
    var grownByteCount: Int {
        let grown = end - firstEnd
        return grown > firstEnd ? grown : 0
    }

    func checkWhole() throws(StarlingError) {
        guard isBroken else { return }
        throw StarlingError(
            .file, "\(path) could not be written before; open the database again")
    }

    /// Says that the system lost what it was to keep: nobody knows what is on the disk.
    func breakOff() { isBroken = true }

    /// Ends writing.
    func close() {
        guard isChanged, !isBroken, (try? append([], at: wallClockMicroseconds())) != nil else {
            return
        }
        try? file.synchronize()
    }

    // MARK: Opening

    /// Makes a log.
    static func create(
        _ path: String, _ files: any FileSystem
    ) throws(StarlingError) -> CommitLog {
        let file = try files.create(path)
        try file.write(magic)
        try file.synchronize()
        return CommitLog(
            path, files, file, end: magic.count, firstEnd: magic.count, lastNumber: 0)
    }

    /// Makes a log that begins with what all commits up to now have made, in the place of this one.
    /// Where that fails the log goes on as it was, if it is certain that it is still there.
    func replaced(by changes: [Change]) throws(StarlingError) -> CommitLog {
        try checkWhole()
        let newPath = path + ".new"
        let record = Commit(
            number: lastNumber, microseconds: wallClockMicroseconds(), changes: changes
        ).record(at: Self.magic.count)
        let end = Self.magic.count + record.count
        do throws(StarlingError) {
            let file = try files.create(newPath)
            try file.write(Self.magic)
            try file.write(record.start, count: record.count)
            try file.synchronize()
            try file.close()
        } catch {
            try? files.remove(newPath)
            throw error
        }
        do throws(StarlingError) {
            try files.rename(newPath, to: path)
            try files.synchronizeFolder(parentFolder(of: path))
            let file = try files.append(to: path, from: end)
            let log = CommitLog(
                path, files, file, end: end, firstEnd: end, lastNumber: lastNumber)
            log.isChanged = true
            return log
        } catch {
            isBroken = true
            throw error
        }
    }

    /// Opens the log at `path` and hands each commit in it to `receive`; nil where nothing was ever
    /// acknowledged.
    static func open(
        _ path: String, _ files: any FileSystem, receive: (Commit) throws(StarlingError) -> Void
    ) throws(StarlingError) -> CommitLog? {
        guard let (end, firstEnd, lastNumber) = try read(path, files, receive: receive) else {
            return nil
        }
        let file = try files.append(to: path, from: end)
        // What is kept may have been written without having been synchronized.
        try file.synchronize()
        return CommitLog(
            path, files, file, end: end, firstEnd: firstEnd, lastNumber: lastNumber)
    }

    /// True for a log whose first bytes have not reached the disk before a loss of power.
    private static func isBarelyBegun(_ log: [UInt8]) -> Bool {
        let written = zip(log, magic).prefix { $0 == $1 }.count
        return written < magic.count && log[written...].allSatisfy { $0 == 0 }
    }

    /// Hands out the commits and returns where the last one ends, and its number.
    static func read(
        _ path: String, _ files: any FileSystem, receive: (Commit) throws(StarlingError) -> Void
    ) throws(StarlingError) -> (end: Int, firstEnd: Int, lastNumber: UInt64)? {
        guard let information = try files.information(of: path), information.isRegular else {
            return nil
        }
        let stored = try files.open(path)
        let bytes = try stored.read(0..<stored.byteCount)
        let log = Array(UnsafeRawBufferPointer(start: bytes.baseAddress, count: stored.byteCount))
        guard log.count >= magic.count, !isBarelyBegun(log) else { return nil }
        guard log.starts(with: magic) else {
            throw StarlingError(
                .data,
                beginsBehindMagic(log)
                    ? "\(path) is damaged: its first \(magic.count) bytes are not those of a log; "
                        + "\(remedy(path)) writes them again"
                    : "\(path) is not the log of a database")
        }
        var place = magic.count
        var firstEnd = 0
        var lastNumber: UInt64 = 0
        var lastMicroseconds: Int64?
        while let header = Commit.header(of: log, at: place),
            let commit = try Commit.read(header, of: log, at: place, path)
        {
            try receive(commit)
            lastNumber = commit.number
            lastMicroseconds = commit.microseconds
            place += Commit.headerByteCount + header.byteCount
            if firstEnd == 0 { firstEnd = place }
        }
        try checkTorn(log, from: place, path, behind: lastNumber, lastMicroseconds)
        return (place, max(firstEnd, magic.count), lastNumber)
    }

    /// Says no where a whole record stands behind one that is not.
    private static func checkTorn(
        _ log: [UInt8], from place: Int, _ path: String, behind last: UInt64, _ time: Int64?
    ) throws(StarlingError) {
        for later in stride(from: place + 8, to: log.count, by: 8) {
            guard let header = Commit.header(of: log, at: later),
                let commit = try? Commit.read(header, of: log, at: later, path)
            else { continue }
            let before =
                time.map { "commit \(last) of \(moment($0))" }
                ?? "no commit, since the first is hit"
            throw StarlingError(
                .data,
                "\(path) is damaged: the commit at byte \(place) has a wrong checksum, and commit "
                    + "\(commit.number) of \(moment(commit.microseconds)) stands behind it; whole "
                    + "before it is \(before). Put a copy of the database in its place, or let "
                    + "\(remedy(path)) go back to what is before the damage, which says what is "
                    + "lost")
        }
    }

    /// Tells whether a whole record stands where the first one is to begin.
    static func beginsBehindMagic(_ log: [UInt8]) -> Bool {
        Commit.header(of: log, at: magic.count) != nil
    }

    /// The command that brings back what can be read of a log.
    private static func remedy(_ path: String) -> String {
        "'starling \(parentFolder(of: path)) --repair'"
    }

    private static func moment(_ microseconds: Int64) -> String {
        Value.integer(Int128(microseconds)).text(as: .datetime).map { "\($0) UTC" } ?? "?"
    }
}
