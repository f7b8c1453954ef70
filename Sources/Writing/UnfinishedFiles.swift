// Files that appear whole or not at all: each is written under a hidden name beside its place, and
// all of a statement's get their names when the last one is complete. A statement that fails takes
// everything away again, folders that it made included.

import StarlingErrors
import StarlingFiles
import StarlingThreads
import Synchronization

/// Keeps the files of one statement until they are all complete.
package final class UnfinishedFiles: Sendable {
    private struct Entry {
        var temporary: String
        var path: String
    }

    private struct State {
        var entries: [Entry] = []
        var folders: [String] = []
        var replaced: [String] = []
    }

    private let files: any FileSystem
    private let state = Mutex(State())
    /// Marks the names of the statement's own files, here and in other processes.
    package let mark: String

    package init(_ files: any FileSystem) {
        self.files = files
        var generator = SystemRandomNumberGenerator()
        mark = String(generator.next(), radix: 36)
    }

    /// Begins a file that will be at `path`.
    package func create(_ path: String) throws(StarlingError) -> any WritableFile {
        let found = try files.information(of: path)
        // A device or a pipe has no moment at which it appears, whatever `/dev/stdout` leads to.
        if let found, !found.isFolder, !found.isRegular || path.hasPrefix("/dev/") {
            return try files.create(path)
        }
        let path = files.linkedFile(path)
        let (folder, name) = Self.split(path)
        let temporary = "\(folder).\(name).\(mark).tmp"
        let file = try files.create(temporary)
        if found != nil { files.copyPermissions(of: path, to: temporary) }
        state.withLock { $0.entries.append(Entry(temporary: temporary, path: path)) }
        return file
    }

    /// Makes a folder and those above it, as far as they don't exist.
    package func makeFolders(_ path: String) throws(StarlingError) {
        guard !path.isEmpty else { return }
        var current = path.hasPrefix("/") ? "" : "."
        // Under the lock: two workers may want the same folder.
        try state.withLock { state throws(StarlingError) in
            for component in path.split(separator: "/") {
                current += "/\(component)"
                if let found = try files.information(of: current) {
                    guard found.isFolder else {
                        throw StarlingError(.file, "'\(current)' is a file and not a folder")
                    }
                    continue
                }
                do throws(StarlingError) {
                    try files.makeFolder(current)
                    state.folders.append(current)
                } catch {
                    // Another statement may have made it just now.
                    guard try files.information(of: current)?.isFolder == true else { throw error }
                }
            }
        }
    }

    /// Lets a file that exists go away when the new ones take its place.
    package func replace(_ path: String) { state.withLock { $0.replaced.append(path) } }

    /// Gives all files their names; they have been closed.
    package func commit() throws(StarlingError) {
        try state.withLock { state throws(StarlingError) in
            var added: [String] = []
            // Folders whose names change: those of the files, and those above new folders.
            var folders = Set(state.folders.map { Self.split($0).folder })
            do throws(StarlingError) {
                while let entry = state.entries.first {
                    folders.insert(Self.split(entry.path).folder)
                    let isNew = try files.information(of: entry.path) == nil
                    try files.rename(entry.temporary, to: entry.path)
                    if isNew { added.append(entry.path) }
                    state.entries.removeFirst()
                }
            } catch {
                for path in added { remove(path) }
                throw error
            }
            for folder in folders.sorted() {
                try files.synchronizeFolder(folder.isEmpty ? "." : folder)
            }
            for path in state.replaced { try files.remove(path) }
            state = State()
        }
    }

    /// Takes away what was written; what can't be removed stays.
    package func abandon() {
        state.withLock { state in
            for entry in state.entries { remove(entry.temporary) }
            for folder in state.folders.reversed() { remove(folder) }
            state = State()
        }
    }

    private func remove(_ path: String) {
        // The statement fails for another reason, which is the one to tell.
        do throws(StarlingError) { try files.remove(path) } catch {}
    }

    /// Splits a path behind its last slash.
    package static func split(_ path: String) -> (folder: String, name: String) {
        guard let slash = path.lastIndex(of: "/") else { return ("", path) }
        return (String(path[...slash]), String(path[path.index(after: slash)...]))
    }
}
