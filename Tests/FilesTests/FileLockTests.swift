// A lock is given up when its owner goes, whoever has a copy of its descriptor by then.

import StarlingFiles
import StarlingMemory
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

@Suite struct FileLockTests {
    @Test func onlyOneHasIt() throws {
        let path = temporaryFolder() + "/starling-lock-\(UInt64.random(in: 0 ... .max))"
        let files = LocalFileSystem()
        defer { try? files.remove(path) }
        let lock = try files.lock(path)
        #expect(lock != nil)
        #expect(try files.lock(path) == nil)
        withExtendedLifetime(lock) {}
    }

    @Test func aProcessThatIsBeingStartedDoesNotKeepIt() throws {
        let path = temporaryFolder() + "/starling-lock-\(UInt64.random(in: 0 ... .max))"
        let files = LocalFileSystem()
        defer { try? files.remove(path) }
        var copies: [Int32] = []
        do {
            let lock = try files.lock(path)
            // Between its fork and its program, a new process has copies of all descriptors.
            copies = descriptors(of: path).map { dup($0) }
            withExtendedLifetime(lock) {}
        }
        #expect(copies.count == 1)
        #expect(try files.lock(path) != nil)
        for copy in copies { close(copy) }
    }

    private func descriptors(of path: String) -> [Int32] {
        var wanted = stat()
        guard stat(path, &wanted) == 0 else { return [] }
        return (0..<Int32(1024)).filter { descriptor in
            var information = stat()
            return fstat(descriptor, &information) == 0
                && information.st_dev == wanted.st_dev && information.st_ino == wanted.st_ino
        }
    }
}
