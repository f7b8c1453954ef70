// A disk that can fail: files lie in memory, what was not synchronized may be lost, and any operation
// may be the last.

import StarlingErrors
import StarlingFiles
import StarlingTestSupport
import Synchronization

/// Counts the operations that change it, and fails where it is told to.
package final class SimulatedDisk: FileSystem {
    /// Is what happens at an operation.
    package enum Fault: Sendable {
        /// This one and all later ones fail.
        case end
        /// This one fails, later ones don't.
        case once
    }

    /// Holds one file.
    struct Contents: Sendable {
        var bytes: [UInt8] = []
        /// What surely is there after a loss of power.
        var durable: [UInt8] = []
        /// Tells whether the name is there, too.
        var hasDurableName = false
        /// What bears the name after a loss of power where this has none.
        var replaced: [Contents] = []
    }

    struct State: Sendable {
        var files: [String: Contents] = [:]
        var folders: Set<String> = []
        var locks: Set<String> = []
        var operationCount = 0
        var fault: (kind: Fault, operation: Int)?
    }

    let state: Mutex<State>

    package init(fault: (kind: Fault, operation: Int)? = nil) {
        var state = State()
        state.fault = fault
        self.state = Mutex(state)
    }

    private init(_ files: [String: Contents], _ folders: Set<String>) {
        var state = State()
        state.files = files
        state.folders = folders
        self.state = Mutex(state)
    }

    /// Has the disk end at its next operation but `count`.
    package func end(after count: Int) {
        state.withLock { $0.fault = (.end, $0.operationCount + count + 1) }
    }

    package var operationCount: Int { state.withLock { $0.operationCount } }

    /// The disk after a loss of power: of what was not synchronized some is there, some is not, and
    /// some is zeros.
    package func afterLossOfPower(_ generator: inout SeededGenerator) -> SimulatedDisk {
        let (files, folders) = state.withLock { ($0.files, $0.folders) }
        var kept: [String: Contents] = [:]
        for (path, file) in files.sorted(by: { $0.key < $1.key }) {
            var file = file
            if !file.hasDurableName, generator.chance(0.5) {
                guard let old = file.replaced.first else { continue }
                file = old
            }
            var bytes = file.durable
            if file.bytes.starts(with: file.durable), generator.chance(0.7) {
                let end = Int.random(in: file.durable.count...file.bytes.count, using: &generator)
                bytes = Array(file.bytes[..<end])
                if generator.chance(0.2) {
                    bytes += Array(repeating: 0, count: file.bytes.count - end)
                }
            } else if generator.chance(0.5) {
                bytes = file.bytes
            }
            kept[path] = Contents(bytes: bytes, durable: bytes, hasDurableName: true)
        }
        return SimulatedDisk(kept, folders)
    }

    // MARK: Operations

    /// Counts an operation; `half` happens where it is the one that fails.
    fileprivate func change(
        half: (inout State) -> Void = { _ in }, _ body: (inout State) -> Void
    ) throws(StarlingError) {
        let isDone = state.withLock { state in
            state.operationCount += 1
            if let fault = state.fault {
                if state.operationCount == fault.operation { half(&state) }
                let isPast = state.operationCount >= fault.operation && fault.kind == .end
                if state.operationCount == fault.operation || isPast { return false }
            }
            body(&state)
            return true
        }
        if !isDone { throw StarlingError(.file, "the disk failed, as the test wants it") }
    }

    package func open(_ path: String) throws(StarlingError) -> any ReadableFile {
        guard let file = state.withLock({ $0.files[path] }) else {
            throw StarlingError(.file, "cannot open '\(path)': there is no such file")
        }
        return SimulatedReadableFile(path, file.bytes)
    }

    package func create(_ path: String) throws(StarlingError) -> any WritableFile {
        try change { state in
            state.files[path, default: Contents()].bytes = []
        }
        return SimulatedWritableFile(path, self)
    }

    package func append(to path: String, from byteCount: Int) throws(StarlingError)
        -> any WritableFile
    {
        try change { state in
            let length = state.files[path]?.bytes.count ?? 0
            state.files[path]?.bytes.removeLast(max(0, length - byteCount))
        }
        return SimulatedWritableFile(path, self)
    }

    package func lock(_ path: String, isShared: Bool) throws(StarlingError) -> (any FileLock)? {
        let isFree = state.withLock { state in
            _ = state.files[path, default: Contents()]
            return state.locks.insert(path).inserted
        }
        return isFree ? SimulatedLock(path, self) : nil
    }

    package func createTemporary(in folder: String) throws(StarlingError) -> any TemporaryFile {
        throw StarlingError(.unsupported, "the simulated disk has no temporary files")
    }

    package func information(of path: String) throws(StarlingError) -> FileInformation? {
        state.withLock { state in
            if state.folders.contains(path) {
                return FileInformation(
                    byteCount: 0, isFolder: true, isRegular: false, changeNanoseconds: 0,
                    identity: 0)
            }
            return state.files[path].map {
                FileInformation(
                    byteCount: $0.bytes.count, isFolder: false, changeNanoseconds: 0, identity: 0)
            }
        }
    }

    package func list(_ folder: String) throws(StarlingError) -> [FolderEntry] {
        let prefix = folder + "/"
        return state.withLock { state in
            let files = state.files.keys.map { ($0, false) }
            let folders = state.folders.map { ($0, true) }
            return (files + folders).compactMap { path, isFolder in
                guard path.hasPrefix(prefix) else { return nil }
                let name = String(path.dropFirst(prefix.count))
                return name.contains("/") ? nil : FolderEntry(name: name, isFolder: isFolder)
            }.sorted { $0.name < $1.name }
        }
    }

    package func makeFolder(_ path: String) throws(StarlingError) {
        try change { $0.folders.insert(path) }
    }

    package func remove(_ path: String) throws(StarlingError) {
        try change { $0.files[path] = nil }
    }

    package func synchronizeFolder(_ path: String) throws(StarlingError) {
        try change { state in
            for name in state.files.keys where name.hasPrefix(path + "/") {
                state.files[name]?.hasDurableName = true
                state.files[name]?.replaced = []
            }
        }
    }

    package func rename(_ path: String, to target: String) throws(StarlingError) {
        try change { state in
            let old = state.files[target]
            state.files[target] = state.files.removeValue(forKey: path)
            state.files[target]?.hasDurableName = false
            if let old { state.files[target]?.replaced = [old] }
        }
    }
}

/// Reads a file as it was when it was opened.
private final class SimulatedReadableFile: ReadableFile {
    let path: String
    private let bytes: [UInt8]

    init(_ path: String, _ bytes: [UInt8]) {
        self.path = path
        self.bytes = bytes
    }

    var byteCount: Int { bytes.count }

    func read(_ range: Range<Int>, into target: UnsafeMutableRawPointer) throws(StarlingError) {
        try checkBounds(of: range)
        bytes.withUnsafeBytes { all in
            guard let start = all.baseAddress else { return }
            target.copyMemory(from: start + range.lowerBound, byteCount: range.count)
        }
    }
}

/// Writes at the end of a file.
private final class SimulatedWritableFile: WritableFile {
    let path: String
    private let disk: SimulatedDisk

    init(_ path: String, _ disk: SimulatedDisk) {
        self.path = path
        self.disk = disk
    }

    func write(_ bytes: UnsafeRawPointer, count: Int) throws(StarlingError) {
        let all = Array(UnsafeRawBufferPointer(start: bytes, count: count))
        try disk.change(half: { $0.files[self.path]?.bytes += all.prefix(count / 2) }) {
            $0.files[self.path]?.bytes += all
        }
    }

    func synchronize() throws(StarlingError) {
        try disk.change { state in
            guard let bytes = state.files[self.path]?.bytes else { return }
            state.files[self.path]?.durable = bytes
        }
    }

    func close() throws(StarlingError) { try disk.change { _ in } }
}

/// Holds a name until it goes away.
private final class SimulatedLock: FileLock {
    private let path: String
    private let disk: SimulatedDisk

    init(_ path: String, _ disk: SimulatedDisk) {
        self.path = path
        self.disk = disk
    }

    deinit { disk.state.withLock { _ = $0.locks.remove(path) } }
}
