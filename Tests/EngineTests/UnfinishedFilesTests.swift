// The order in which finished files reach the disk: first what is in them, then their names.

import StarlingErrors
import StarlingFiles
import StarlingMemory
import StarlingWriting
import Synchronization
import Testing

/// Writes down what is done to the files of a folder.
private final class RecordedFiles: FileSystem {
    private let inner = LocalFileSystem()
    private let folder: String
    private let events = Mutex<[String]>([])

    init(_ folder: String) { self.folder = folder }

    var log: [String] { events.withLock { $0 } }

    func note(_ what: String, _ path: String) {
        let name = path.hasPrefix(folder) ? String(path.dropFirst(folder.count)) : path
        events.withLock { $0.append("\(what) \(name)") }
    }

    func open(_ path: String) throws(StarlingError) -> any ReadableFile { try inner.open(path) }

    func create(_ path: String) throws(StarlingError) -> any WritableFile {
        try inner.create(path)
    }

    func append(to path: String, from byteCount: Int) throws(StarlingError) -> any WritableFile {
        try inner.append(to: path, from: byteCount)
    }

    func lock(_ path: String, isShared: Bool) throws(StarlingError) -> (any FileLock)? {
        try inner.lock(path, isShared: isShared)
    }

    func createTemporary(in folder: String) throws(StarlingError) -> any TemporaryFile {
        try inner.createTemporary(in: folder)
    }

    func information(of path: String) throws(StarlingError) -> FileInformation? {
        try inner.information(of: path)
    }

    func list(_ folder: String) throws(StarlingError) -> [FolderEntry] { try inner.list(folder) }
    func makeFolder(_ path: String) throws(StarlingError) { try inner.makeFolder(path) }

    func remove(_ path: String) throws(StarlingError) {
        note("remove", path)
        try inner.remove(path)
    }

    func synchronizeFolder(_ path: String) throws(StarlingError) {
        note("synchronize", path)
        try inner.synchronizeFolder(path)
    }

    func rename(_ path: String, to target: String) throws(StarlingError) {
        note("rename to", target)
        try inner.rename(path, to: target)
    }
}

struct UnfinishedFilesTests {
    @Test func foldersAreSynchronizedBeforeOldFilesGo() throws {
        let folder = temporaryFolder() + "/starling-finish-\(UInt64.random(in: 0 ... .max))"
        try LocalFileSystem().makeFolder(folder)
        defer { removeFolder(folder) }
        let files = RecordedFiles(folder)
        let old = try files.create(folder + "/old")
        try old.close()
        let unfinished = UnfinishedFiles(files)
        try unfinished.makeFolders(folder + "/new")
        for name in ["/new/a", "/b"] {
            let file = try unfinished.create(folder + name)
            try file.write(Array("x".utf8))
            try file.synchronize()
            try file.close()
        }
        unfinished.replace(folder + "/old")
        try unfinished.commit()
        #expect(
            files.log == [
                "rename to /new/a", "rename to /b", "synchronize /", "synchronize /new/",
                "remove /old",
            ])
    }
}
