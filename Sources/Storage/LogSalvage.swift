// A log that is damaged in its middle: what stands before the damage is kept, and what was committed
// from there on is told and set aside. It is done only where somebody asks for it.
//
//   1. The damaged log is copied into the folder `damaged`.
//   2. Files of segments that nothing before the damage names go there, too: what is lost may be theirs.
//   3. What stands before the damage takes the name `log`.
//
// After each step it can be begun again.

import StarlingErrors
import StarlingFiles
import StarlingMemory

/// Tells what a damaged log had from the damage on.
package struct LogSalvage: Sendable {
    /// The number of the last commit that is kept; 0 where none is.
    package var lastNumber: UInt64
    /// The time of that commit, in microseconds since 1970; nil where there is none.
    package var lastMicroseconds: Int64?
    /// Where in the log the damage begins.
    package var place: Int
    /// The commits behind the damage that can still be read.
    package var lost: [Commit]
    /// Where the damaged log is kept.
    package var keptAs: String

    /// The numbers of the commits that cannot be read; nil where there are none.
    package var unread: ClosedRange<UInt64>? {
        let end = lost.first.map { $0.number } ?? lastNumber + 2
        return end > lastNumber + 1 ? (lastNumber + 1)...(end - 1) : nil
    }
}

extension CommitLog {
    /// Reads the commits from a place of a log on that are whole, however they follow each other.
    static func wholeCommits(of log: [UInt8], from start: Int, _ path: String) -> [Commit] {
        var commits: [Commit] = []
        var place = start
        while place + Commit.headerByteCount <= log.count {
            if let header = Commit.header(of: log, at: place),
                let commit = try? Commit.read(header, of: log, at: place, path)
            {
                commits.append(commit)
                place += Commit.headerByteCount + header.byteCount
            } else {
                place += 8
            }
        }
        return commits
    }
}

extension DatabaseFolder {
    /// Cuts a damaged log off where the damage begins and says what that costs; nil where the log is
    /// whole. Nobody else has the database open meanwhile.
    package static func salvage(
        _ path: String, _ files: any FileSystem = LocalFileSystem()
    ) throws(StarlingError) -> LogSalvage? {
        let logPath = path + "/log"
        guard let information = try files.information(of: logPath), information.isRegular else {
            throw StarlingError(.file, "there is no database in '\(path)'")
        }
        guard let lock = try files.lock(path + "/lock") else {
            throw StarlingError(
                .file, "the database '\(path)' is open elsewhere; close it there first")
        }
        defer { withExtendedLifetime(lock) {} }
        let stored = try files.open(logPath)
        let buffer = try stored.read(0..<stored.byteCount)
        var log = Array(
            UnsafeRawBufferPointer(start: buffer.baseAddress, count: stored.byteCount))
        let hasMagic = log.starts(with: CommitLog.magic)
        guard hasMagic || CommitLog.beginsBehindMagic(log) else {
            throw StarlingError(.data, "\(logPath) is not the log of a database")
        }
        log.replaceSubrange(0..<CommitLog.magic.count, with: CommitLog.magic)
        var place = CommitLog.magic.count
        var kept: [Commit] = []
        while let header = Commit.header(of: log, at: place),
            let commit = try Commit.read(header, of: log, at: place, logPath)
        {
            kept.append(commit)
            place += Commit.headerByteCount + header.byteCount
        }
        let lost = CommitLog.wholeCommits(of: log, from: place + 8, logPath)
        guard !lost.isEmpty || !hasMagic else { return nil }
        let folder = path + "/damaged"
        if try files.information(of: folder) == nil {
            try files.makeFolder(folder)
            try files.synchronizeFolder(path)
        }
        let keptAs = try freeName(folder + "/log", files)
        let bytes = UnsafeRawBufferPointer(start: buffer.baseAddress, count: stored.byteCount)
        try write([UInt8](bytes), to: keptAs, files)
        try setAside(path, but: kept, files)
        try files.synchronizeFolder(folder)
        let isCut = !lost.isEmpty
        try write(isCut ? Array(log[..<place]) : log, to: logPath + ".new", files)
        try files.rename(logPath + ".new", to: logPath)
        try files.synchronizeFolder(path)
        return LogSalvage(
            lastNumber: kept.last?.number ?? 0, lastMicroseconds: kept.last?.microseconds,
            place: hasMagic ? place : 0, lost: lost, keptAs: keptAs)
    }

    /// The rows of a segment that a commit added; nil where its file does not tell.
    package static func rowCount(
        at place: SegmentPlace, _ path: String, _ files: any FileSystem = LocalFileSystem()
    ) -> Int? {
        let head: [UInt8]
        switch place {
        case .log(let image): head = Array(image.prefix(32))
        case .file(let number, let offset, _):
            let names = ["\(path)/segments/\(number)", "\(path)/damaged/segment \(number)"]
            let file = names.lazy.compactMap { try? files.open($0) }.first
            guard let file, offset + 32 <= file.byteCount,
                let bytes = try? file.read(offset..<(offset + 32))
            else { return nil }
            head = Array(UnsafeRawBufferPointer(start: bytes.baseAddress, count: 32))
        }
        guard head.count == 32 else { return nil }
        let count = head[24...].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return count <= UInt64(Segment.unknownRowCount) ? Int(count) : nil
    }

    /// Keeps the files of segments that none of these commits names.
    private static func setAside(
        _ path: String, but kept: [Commit], _ files: any FileSystem
    ) throws(StarlingError) {
        guard try files.information(of: path + "/segments") != nil else { return }
        var named: Set<UInt64> = []
        for change in kept.lazy.flatMap(\.changes) {
            switch change {
            case .addition(_, _, .file(let number, _, _)),
                .mergedAddition(_, _, .file(let number, _, _)):
                named.insert(number)
            default: break
            }
        }
        for entry in try files.list(path + "/segments") {
            guard let number = UInt64(entry.name), !named.contains(number) else { continue }
            try files.rename(
                "\(path)/segments/\(number)", to: "\(path)/damaged/segment \(number)")
        }
        try files.synchronizeFolder(path + "/segments")
    }

    private static func freeName(
        _ name: String, _ files: any FileSystem
    ) throws(StarlingError) -> String {
        var (result, number) = (name, 1)
        while try files.information(of: result) != nil {
            number += 1
            result = "\(name) \(number)"
        }
        return result
    }

    private static func write(
        _ bytes: [UInt8], to path: String, _ files: any FileSystem
    ) throws(StarlingError) {
        let file = try files.create(path)
        try file.write(bytes)
        try file.synchronize()
        try file.close()
    }
}
