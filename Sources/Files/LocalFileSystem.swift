// The local disk.

import StarlingErrors

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Gives access to the files of this machine; relative paths start at the working folder.
package final class LocalFileSystem: FileSystem {
    package init() {}

    package func open(_ path: String) throws(StarlingError) -> any ReadableFile {
        if let stream = try StreamedFile.open(path) { return stream }
        return try LocalReadableFile(path)
    }

    package func create(_ path: String) throws(StarlingError) -> any WritableFile {
        try LocalWritableFile(path)
    }

    package func append(
        to path: String, from byteCount: Int
    ) throws(StarlingError) -> any WritableFile {
        try LocalWritableFile(path, from: byteCount)
    }

    package func lock(
        _ path: String, isShared: Bool
    ) throws(StarlingError) -> (any FileLock)? {
        try LocalFileLock.take(path, isShared: isShared)
    }

    package func createTemporary(
        in folder: String
    ) throws(StarlingError) -> any TemporaryFile {
        try LocalTemporaryFile(in: folder)
    }

    package func information(of path: String) throws(StarlingError) -> FileInformation? {
        var status = stat()
        if stat(path, &status) != 0 {
            let number = errno
            // A link that leads nowhere, or in a circle, is no file.
            let areMissing = [ENOENT, ENOTDIR, ENAMETOOLONG, ELOOP]
            if areMissing.contains(number) { return nil }
            throw systemCallError(number, "look at", path)
        }
        let time = status.st_mtim
        return FileInformation(
            byteCount: Int(status.st_size), isFolder: status.st_mode & S_IFMT == S_IFDIR,
            isRegular: status.st_mode & S_IFMT == S_IFREG,
            changeNanoseconds: Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec),
            identity: UInt64(status.st_ino))
    }

    package func list(_ folder: String) throws(StarlingError) -> [FolderEntry] {
        guard let stream = opendir(folder) else { throw systemCallError(errno, "list", folder) }
        defer { closedir(stream) }
        var entries: [FolderEntry] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
                tuple.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name == "." || name == ".." { continue }
            let kind = Int32(entry.pointee.d_type)
            var isFolder = kind == 4
            // Links and file systems that don't tell: ask for the target.
            if kind == 10 || kind == 0 {
                let path = folder.hasSuffix("/") ? folder + name : folder + "/" + name
                isFolder = try information(of: path)?.isFolder ?? false
            }
            entries.append(FolderEntry(name: name, isFolder: isFolder))
        }
        return entries.sorted { $0.name < $1.name }
    }

    package func makeFolder(_ path: String) throws(StarlingError) {
        if mkdir(path, 0o777) != 0 { throw systemCallError(errno, "make the folder", path) }
    }

    package func remove(_ path: String) throws(StarlingError) {
        if Glibc.remove(path) != 0 { throw systemCallError(errno, "remove", path) }
    }

    package func synchronizeFolder(_ path: String) throws(StarlingError) {
        let descriptor = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw systemCallError(errno, "open", path) }
        defer { close(descriptor) }
        // Some file systems have no such call for folders.
        guard fsync(descriptor) != 0, ![EINVAL, EROFS, ENOTSUP].contains(errno) else { return }
        throw systemCallError(errno, "synchronize", path)
    }

    package func rename(_ path: String, to target: String) throws(StarlingError) {
        if Glibc.rename(path, target) != 0 { throw systemCallError(errno, "rename", path) }
    }

    package func linkedFile(_ path: String) -> String {
        var status = stat()
        // Only where the name itself is a link: the folders' names stay as they were given.
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFLNK,
            let found = realpath(path, nil)
        else { return path }
        defer { free(found) }
        return String(cString: found)
    }

    package func copyPermissions(of path: String, to target: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return }
        // Where these can't be had, those of new files stay.
        _ = chown(target, status.st_uid, status.st_gid)
        _ = chmod(target, status.st_mode & 0o7777)
    }
}
