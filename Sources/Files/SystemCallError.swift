// What the operating system's error numbers mean to a user, and what can be done about them.

import StarlingErrors

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Makes the error of a failed system call that did `action` (`open`, `read` …) with a file.
func systemCallError(_ number: Int32, _ action: String, _ path: String) -> StarlingError {
    let reason =
        switch number {
        case ENOENT: "there is no such file or folder; check the path"
        case EACCES, EPERM: "permission is denied; check the owner and mode of it and its folders"
        case EISDIR: "it is a folder; name a file, or files by a pattern such as 'folder/*'"
        case ENOTDIR: "a part of the path is a file, not a folder"
        case EMFILE, ENFILE: "too many files are open; raise the limit with ulimit -n"
        case ENOSPC, EDQUOT: "no space is left on the disk; free some"
        case EFBIG: "the file is as large as it may be; raise the limit with ulimit -f"
        case EROFS: "the file system is read-only"
        case EEXIST, ENOTEMPTY: "it exists already, or the folder is not empty"
        case ENAMETOOLONG: "the name is too long"
        case EIO: "the device reports an error; check the disk"
        default: String(cString: strerror(number))
        }
    let kind: StarlingError.Kind =
        switch number {
        case ENOSPC, EDQUOT, EFBIG, EMFILE, ENFILE: .resource
        default: .file
        }
    return StarlingError(kind, "cannot \(action) '\(path)': \(reason)")
}
