// A database on disk: a folder with a log of commits and the segments that it names.
//
//   lock              held by the one process that writes; says which
//   log               every commit
//   segments/N        rows, in files that never change
//   filters           what queries filter by

import StarlingErrors
import StarlingFiles
import StarlingMemory
import StarlingTables
import StarlingThreads
import Synchronization

/// Keeps a database in a folder.
///
/// `@unchecked Sendable`: after opening, the log is only touched by who has the turn.
package final class DatabaseFolder: @unchecked Sendable {
    package let path: String
    private let files: any FileSystem
    private let cache: BlockCache?
    /// Nil where others may write, and this process only reads.
    private let lock: (any FileLock)?
    private var log: CommitLog?
    private let turn = Mutex<Void>(())
    /// The last commit that survives a loss of power.
    private let synchronized = Mutex<UInt64>(0)
    /// The files that someone holds, by their numbers.
    private let held = Mutex<[UInt64: WeakFile]>([:])
    private let unneeded = UnneededFiles()
    private let openFiles = OpenFiles()
    /// Held by a process that only reads, so that no file goes.
    private let readerLock: (any FileLock)?
    /// The last number of a segment or of a file.
    private let lastNumber = Mutex<UInt64>(0)

    private init(
        _ path: String, _ files: any FileSystem, _ cache: BlockCache?, _ lock: (any FileLock)?,
        readerLock: (any FileLock)? = nil
    ) {
        self.path = path
        self.files = files
        self.cache = cache
        self.lock = lock
        self.readerLock = readerLock
    }

    private struct WeakFile {
        weak var file: SegmentFile?
    }

    deinit { log?.close() }

    private var logPath: String { path + "/log" }
    private var segmentsPath: String { path + "/segments" }
    private var filtersPath: String { path + "/filters" }
    private var queriesPath: String { path + "/queries" }
    private func segmentPath(_ number: UInt64) -> String { "\(segmentsPath)/\(number)" }

    // MARK: Opening

    /// Opens the database in a folder, or makes it, and hands out all commits, oldest first.
    package static func open(
        _ path: String, _ files: any FileSystem = LocalFileSystem(), cache: BlockCache? = nil,
        receive: (DatabaseFolder, Commit) throws(StarlingError) -> Void
    ) throws(StarlingError) -> DatabaseFolder {
        try prepare(path, files)
        guard let lock = try files.lock(path + "/lock") else {
            throw StarlingError(
                .file,
                "the database '\(path)' is open in \(holder(of: path, files)), and one process "
                    + "writes at a time; close it there, or open it for reading only")
        }
        let folder = DatabaseFolder(path, files, cache, lock)
        try folder.openSegments()
        let log = try CommitLog.open(folder.logPath, files) { (commit) throws(StarlingError) in
            folder.note(commit)
            try receive(folder, commit)
        }
        if let log { folder.log = log } else { folder.log = try folder.begin() }
        folder.synchronized.withLock { $0 = folder.log?.lastNumber ?? 0 }
        return folder
    }

    /// Opens the database in a folder as it is now, without a right to change it.
    package static func openForReading(
        _ path: String, _ files: any FileSystem = LocalFileSystem(), cache: BlockCache? = nil,
        receive: (DatabaseFolder, Commit) throws(StarlingError) -> Void
    ) throws(StarlingError) -> DatabaseFolder {
        let folder = DatabaseFolder(
            path, files, cache, nil,
            readerLock: try? files.lock(path + "/readers", isShared: true))
        let read = try CommitLog.read(folder.logPath, files) { (commit) throws(StarlingError) in
            try receive(folder, commit)
        }
        guard read != nil else {
            throw StarlingError(.file, "there is no database in '\(path)'")
        }
        return folder
    }

    /// Makes the folder; says no to one of other things.
    private static func prepare(
        _ path: String, _ files: any FileSystem
    ) throws(StarlingError) {
        guard let information = try files.information(of: path) else {
            try files.makeFolder(path)
            return try files.synchronizeFolder(parentFolder(of: path))
        }
        guard information.isFolder else {
            throw StarlingError(.file, "'\(path)' is a file; a database is a folder")
        }
        guard try files.information(of: path + "/log") == nil else { return }
        let others = try files.list(path).filter {
            !["lock", "readers", "segments", "log.new", "filters", "filters.new"].contains($0.name)
        }
        if let other = others.first {
            throw StarlingError(
                .file,
                "the folder '\(path)' is no database, and not empty ('\(other.name)' is in it)")
        }
    }

    private static func holder(of path: String, _ files: any FileSystem) -> String {
        guard let file = try? files.open(path + "/lock"), file.byteCount > 0,
            let bytes = try? file.read(0..<min(file.byteCount, 20))
        else { return "another process" }
        let text = UnsafeRawBufferPointer(
            start: bytes.baseAddress, count: min(file.byteCount, 20))
        return "process " + String(decoding: text.prefix { $0 != 10 }, as: UTF8.self)
    }

    /// Numbers go on behind those of all files, whether a commit names them or not.
    private func openSegments() throws(StarlingError) {
        if try files.information(of: segmentsPath) == nil { try files.makeFolder(segmentsPath) }
        for number in try storedFiles() { lastNumber.withLock { $0 = max($0, number) } }
    }

    private func storedFiles() throws(StarlingError) -> [UInt64] {
        try files.list(segmentsPath).compactMap { UInt64($0.name) }
    }

    private func note(_ commit: Commit) {
        for change in commit.changes {
            var numbers: [UInt64] = []
            if case .addition(_, let number, _) = change { numbers = [number] }
            if case .mergedAddition(_, let pieces, _) = change { numbers = pieces.map(\.number) }
            for number in numbers { lastNumber.withLock { $0 = max($0, number) } }
        }
    }

    private func begin() throws(StarlingError) -> CommitLog {
        guard try storedFiles().isEmpty else {
            throw StarlingError(
                .data, "'\(path)' is damaged: there are segments, but no log of commits")
        }
        let log = try CommitLog.create(logPath, files)
        try files.synchronizeFolder(path)
        return log
    }

    // MARK: Commits

    package var isReadOnly: Bool { lock == nil }

    /// Writes changes to the log, all or none, and returns the number of the commit.
    package func append(
        _ changes: [Change], at microseconds: Int64 = wallClockMicroseconds()
    ) throws(StarlingError) -> UInt64 {
        try turn.withLock { _ throws(StarlingError) in
            try checkWritable()
            guard let log else { throw StarlingError(.internal, "the log is not open yet") }
            return try log.append(changes, at: microseconds).number
        }
    }

    /// Says no where nothing can be committed: a statement that changes nothing may have seen what
    /// never reached the disk.
    package func checkWhole() throws(StarlingError) {
        try checkWritable()
        try turn.withLock { _ throws(StarlingError) in
            if let log { try log.checkWhole() }
        }
    }

    private func checkWritable() throws(StarlingError) {
        guard isReadOnly else { return }
        throw StarlingError(.file, "the database '\(path)' is open for reading only")
    }

    /// Waits until a commit, and all before it, survive a loss of power. Commits that come while the
    /// disk is busy wait for the next time together.
    package func synchronize(upTo number: UInt64) throws(StarlingError) {
        try synchronized.withLock { last throws(StarlingError) in
            guard last < number, let log else { return }
            // What made these files unneeded is in the log already.
            let unneeded = unneeded.take()
            var file: (any WritableFile)?
            let newest = turn.withLock { _ in
                file = log.file
                return log.lastNumber
            }
            do throws(StarlingError) { try file?.synchronize() } catch {
                turn.withLock { _ in log.breakOff() }
                throw error
            }
            last = newest
            removeFiles(unneeded)
        }
    }

    /// Waits until all commits up to now survive a loss of power.
    package func synchronizeAll() throws(StarlingError) {
        try checkWhole()
        try synchronize(upTo: turn.withLock { _ in log?.lastNumber ?? 0 })
    }

    // MARK: The log begins anew

    /// The bytes by which the log has grown, where it is worth to begin it anew.
    package var grownByteCount: Int {
        turn.withLock { _ in isReadOnly ? 0 : log?.grownByteCount ?? 0 }
    }

    /// Lets the log begin with what all of its commits have made, which `make` says. Commits wait.
    package func beginAnew(
        _ make: ([Commit]) throws(StarlingError) -> [Change]
    ) throws(StarlingError) {
        // Who waits for the disk comes first, so that it is known what survives.
        try synchronized.withLock { last throws(StarlingError) in
            try turn.withLock { _ throws(StarlingError) in
                try checkWritable()
                guard let old = log else { return }
                try old.checkWhole()
                var commits: [Commit] = []
                _ = try CommitLog.read(logPath, files) { commits.append($0) }
                log = try old.replaced(by: try make(commits))
                last = old.lastNumber
            }
        }
    }

    // MARK: Damage

    /// Reads the log again and says what is wrong with it; nil where nothing is.
    package func damageOfLog() throws(StarlingError) -> StarlingError? {
        try turn.withLock { _ throws(StarlingError) in
            do throws(StarlingError) {
                let read = try CommitLog.read(logPath, files) { _ in }
                guard let log, (read?.end ?? 0) < log.end else { return nil }
                return StarlingError(
                    .data,
                    "\(logPath) is damaged: the commit at byte \(read?.end ?? 0) has a wrong "
                        + "checksum")
            } catch {
                return error
            }
        }
    }

    /// Keeps bytes of the database under another name in its folder, and returns the path.
    package func keepDamaged(_ place: SegmentPlace, as name: String) throws(StarlingError)
        -> String?
    {
        guard case .file(let number, let offset, let byteCount) = place,
            self.byteCount(ofFile: number) != nil
        else { return nil }
        let folder = path + "/damaged"
        if try files.information(of: folder) == nil {
            try files.makeFolder(folder)
            try files.synchronizeFolder(path)
        }
        let source = try files.open(segmentPath(number))
        let end = min(source.byteCount, offset + byteCount)
        let file = try files.create(folder + "/" + name)
        if offset < end {
            let bytes = try source.read(offset..<end)
            try file.write(bytes.baseAddress, count: end - offset)
        }
        try file.synchronize()
        try file.close()
        try files.synchronizeFolder(folder)
        return folder + "/" + name
    }

    // MARK: Segments

    func takeNumber() -> UInt64 {
        lastNumber.withLock { number in
            number += 1
            return number
        }
    }

    func createFile(_ number: UInt64) throws(StarlingError) -> any WritableFile {
        try checkWritable()
        return try files.create(segmentPath(number))
    }

    /// Returns what holds a file; `isNamed` tells whether a commit may name it.
    func file(_ number: UInt64, isNamed: Bool) -> SegmentFile {
        held.withLock { held in
            if let known = held[number]?.file { return known }
            if held.count == held.capacity { held = held.filter { $0.value.file != nil } }
            let file = SegmentFile(
                number, segmentPath(number), files, unneeded, openFiles, isNamed: isNamed)
            held[number] = WeakFile(file: file)
            return file
        }
    }

    /// Returns what holds a file; nil where nobody does.
    func heldFile(_ number: UInt64) -> SegmentFile? { held.withLock { $0[number]?.file } }

    /// Keeps the files of segments at these places.
    package func holding(_ places: [SegmentPlace]) -> HeldFiles {
        HeldFiles(
            files: places.compactMap { place in
                guard case .file(let number, _, _) = place else { return nil }
                return file(number, isNamed: true)
            })
    }

    func synchronizeSegments() throws(StarlingError) {
        try files.synchronizeFolder(segmentsPath)
    }

    /// The bytes of a file of segments; nil where it is gone.
    func byteCount(ofFile number: UInt64) -> Int? {
        (try? files.information(of: segmentPath(number)))?.byteCount
    }

    func remove(_ number: UInt64) { try? files.remove(segmentPath(number)) }

    /// Opens a segment of a table.
    package func openSegment(
        _ number: UInt64, at place: SegmentPlace, of table: NativeTable,
        named name: TableName, isNamed: Bool = true
    ) throws(StarlingError) -> Segment {
        let stored = stored(number, at: place, name, isNamed: isNamed)
        var isKept = false
        if case .log = place { isKept = true }
        let segment = try SegmentImage.open(stored, table, cache: cache, isKept: isKept)
        return segment.placed(at: place)
    }

    /// Where the bytes of a segment can be read.
    func stored(
        _ number: UInt64, at place: SegmentPlace, _ name: TableName, isNamed: Bool = true
    ) -> StoredSegment {
        switch place {
        case .file(let file, let offset, let byteCount):
            StoredSegment(
                table: name, number: number, source: self.file(file, isNamed: isNamed),
                offset: offset, byteCount: byteCount)
        case .log(let image):
            StoredSegment(
                table: name, number: number, source: LoggedImage(path: logPath, bytes: image),
                offset: 0, byteCount: image.count)
        }
    }

    // MARK: Filters

    /// Keeps what queries filter by; whoever reads finds all of it, or what was there before.
    package func saveFilters(_ logs: [(table: TableName, log: FilterLog)]) {
        guard !isReadOnly, logs.reduce(0, { $0 + $1.log.takeNewCount() }) > 0 else { return }
        replace(filtersPath, with: FilterFile.make(logs))
    }

    /// What queries filtered each table by; nothing where it cannot be read.
    package func restoreFilters(_ restore: (TableName) -> FilterLog?) {
        guard let bytes = read(filtersPath), let tables = try? FilterFile.read(bytes, filtersPath)
        else { return }
        for (name, usages) in tables { restore(name)?.restore(usages) }
    }

    // MARK: Queries

    /// Keeps the last queries.
    package func saveQueries(_ queries: [LoggedQuery]) {
        guard !isReadOnly else { return }
        replace(queriesPath, with: QueryFile.make(queries))
    }

    /// The last queries; none where they cannot be read.
    package func savedQueries() -> [LoggedQuery] {
        read(queriesPath).flatMap { try? QueryFile.read($0, queriesPath) } ?? []
    }

    /// Puts a file in the place of another one, or leaves that as it is.
    private func replace(_ path: String, with bytes: ByteWriter) {
        do throws(StarlingError) {
            let file = try files.create(path + ".new")
            try file.write(bytes.start, count: bytes.count)
            try file.close()
            try files.rename(path + ".new", to: path)
        } catch {
            try? files.remove(path + ".new")
        }
    }

    private func read(_ path: String) -> [UInt8]? {
        guard let file = try? files.open(path),
            let buffer = try? file.read(0..<file.byteCount)
        else { return nil }
        return Array(UnsafeRawBufferPointer(start: buffer.baseAddress, count: file.byteCount))
    }

    /// Removes the files of segments but those that a commit names.
    package func removeFiles(except used: Set<UInt64>) throws(StarlingError) {
        guard !isReadOnly else { return }
        removeFiles(try storedFiles().filter { !used.contains($0) })
    }

    /// Removes files, or waits until nobody else reads the database.
    private func removeFiles(_ numbers: [UInt64]) {
        guard !numbers.isEmpty else { return }
        guard let lock = try? files.lock(path + "/readers", isShared: false) else {
            return unneeded.add(numbers)
        }
        // A clone may have taken hold of a file again.
        for number in numbers where heldFile(number) == nil { remove(number) }
        withExtendedLifetime(lock) {}
    }
}

/// The folder that something lies in.
func parentFolder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
}
