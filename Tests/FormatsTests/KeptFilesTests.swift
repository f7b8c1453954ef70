import StarlingErrors
import StarlingFiles
import StarlingFormats
import StarlingMemory
import Testing

/// What is remembered of files: how they begin, and how many rows their parts have.
@Suite struct KeptFilesTests {
    private let system = LocalFileSystem()

    private func write(_ text: String, to path: String) throws {
        let file = try system.create(path)
        try file.write(Array(text.utf8))
        try file.close()
    }

    @Test func filesAreOpenedOnceUntilTheyChange() throws {
        let path = temporaryFolder() + "/starling-kept-\(UInt64.random(in: 0 ... .max))"
        defer { try? system.remove(path) }
        let opened = OpenedFiles<Int>()
        var openings = 0
        func open() throws -> Int {
            try opened.file(path, in: system) { (file) throws(StarlingError) in
                openings += 1
                return file.byteCount
            }
        }
        try write("abc", to: path)
        #expect(try open() == 3 && open() == 3)
        #expect(openings == 1)
        try write("abcdef", to: path)
        #expect(try open() == 6)
        #expect(openings == 2)
        try system.remove(path)
        #expect(throws: StarlingError.self) { try open() }
    }

    /// What is known of another file system's file of that name is not this file's.
    @Test func fileSystemsAreToldApart() throws {
        let path = temporaryFolder() + "/starling-kept-\(UInt64.random(in: 0 ... .max))"
        defer { try? system.remove(path) }
        try write("abc", to: path)
        let opened = OpenedFiles<Int>()
        let other = LocalFileSystem()
        #expect(try opened.file(path, in: system) { (_) throws(StarlingError) in 1 } == 1)
        #expect(try opened.file(path, in: other) { (_) throws(StarlingError) in 2 } == 2)
    }

    @Test func partsAreCountedOnce() throws {
        let counts = PartRowCounts()
        counts.note(1, 20)
        var counted: [Int] = []
        func sum(before part: Int) throws -> Int {
            try counts.sum(before: part) { (number) throws(StarlingError) in
                counted.append(number)
                return number * 100
            }
        }
        #expect(try sum(before: 0) == 0)
        #expect(try sum(before: 3) == 0 + 20 + 200)
        #expect(try sum(before: 4) == 0 + 20 + 200 + 300)
        #expect(counted == [0, 2, 3])
    }

    @Test func failuresToCountAreTold() throws {
        let counts = PartRowCounts()
        #expect(throws: StarlingError(.file, "gone")) {
            try counts.sum(before: 2) { (_) throws(StarlingError) in
                throw StarlingError(.file, "gone")
            }
        }
        #expect(try counts.sum(before: 2) { (_) throws(StarlingError) in 1 } == 2)
    }
}
