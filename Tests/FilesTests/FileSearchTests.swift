// Patterns and folders of files, in a temporary folder.

import StarlingErrors
import StarlingFiles
import StarlingMemory
import Testing

@Suite struct FileSearchTests {
    /// Makes the files that tests look for, and removes them when it goes away.
    final class Folder {
        let path: String
        let files = LocalFileSystem()
        private var made: [String] = []

        init(_ names: [String]) throws {
            path = temporaryFolder() + "/starling-search-\(UInt64.random(in: 0 ... .max))"
            try files.makeFolder(path)
            for name in names {
                var folder = path
                for component in name.split(separator: "/").dropLast() {
                    folder += "/" + component
                    if try files.information(of: folder) == nil {
                        try files.makeFolder(folder)
                        made.append(folder)
                    }
                }
                let file = try files.create(path + "/" + name)
                try file.write(Array(name.utf8))
                try file.close()
                made.append(path + "/" + name)
            }
        }

        deinit {
            for path in made.reversed() { try? files.remove(path) }
            try? files.remove(path)
        }

        func find(_ pattern: String) throws -> [String] {
            try FileSearch.find(path + "/" + pattern, in: files).map {
                String($0.path.dropFirst(path.count + 1))
            }
        }
    }

    @Test func patternsMatchAsInShells() throws {
        let folder = try Folder([
            "a1.parquet", "a2.parquet", "b1.parquet", "b.csv", ".hidden.parquet", "x/a3.parquet",
            "x/y/a4.parquet", "[odd].parquet",
        ])
        #expect(try folder.find("a*.parquet") == ["a1.parquet", "a2.parquet"])
        #expect(try folder.find("?1.parquet") == ["a1.parquet", "b1.parquet"])
        #expect(try folder.find("[a-a]1.parquet") == ["a1.parquet"])
        #expect(try folder.find("[!a]1.parquet") == ["b1.parquet"])
        #expect(try folder.find("{b,a2}*") == ["a2.parquet", "b.csv", "b1.parquet"])
        #expect(try folder.find("*/a3.parquet") == ["x/a3.parquet"])
        #expect(
            try folder.find("**/a*.parquet") == [
                "a1.parquet", "a2.parquet", "x/a3.parquet", "x/y/a4.parquet",
            ])
        #expect(try folder.find("x") == ["x/a3.parquet", "x/y/a4.parquet"])
        #expect(try folder.find("[odd].parquet") == ["[odd].parquet"])
        #expect(try folder.find("a1.parquet") == ["a1.parquet"])
    }

    @Test func nothingFoundNamesTheNearest() throws {
        let folder = try Folder(["lineitem.parquet", "orders.parquet"])
        let error = #expect(throws: StarlingError.self) { try folder.find("linitem.parquet") }
        #expect(error?.kind == .file)
        #expect(error?.message.contains("linitem.parquet") == true)
        #expect(error?.message.contains("'lineitem.parquet'") == true)
        let other = #expect(throws: StarlingError.self) { try folder.find("zzz*.csv") }
        #expect(other?.message.contains("'orders.parquet'") == true)
    }

    @Test func foldersGivePartitionKeys() throws {
        let folder = try Folder([
            "year=2024/month=1/a.parquet", "year=2024/month=2/b.parquet",
            "year=__HIVE_DEFAULT_PARTITION__/month=a%3Ab/c.parquet", "_SUCCESS",
        ])
        let found = try FileSearch.find(folder.path, in: folder.files)
        #expect(
            found.map(\.partitionKeys) == [
                [
                    PartitionKey(name: "year", value: "2024"),
                    PartitionKey(name: "month", value: "1"),
                ],
                [
                    PartitionKey(name: "year", value: "2024"),
                    PartitionKey(name: "month", value: "2"),
                ],
                [
                    PartitionKey(name: "year", value: nil),
                    PartitionKey(name: "month", value: "a:b"),
                ],
            ])
    }

    @Test func filesAreWrittenReadRenamedAndRemoved() throws {
        let folder = try Folder([])
        let path = folder.path + "/a"
        let file = try folder.files.create(path)
        try file.write([1, 2, 3, 4, 5])
        try file.synchronize()
        try file.close()
        try folder.files.rename(path, to: path + "b")
        let read = try folder.files.open(path + "b")
        #expect(read.byteCount == 5)
        let buffer = try read.read(1..<4)
        #expect((0..<3).map { buffer.pointer(to: UInt8.self)[$0] } == [2, 3, 4])
        #expect(throws: StarlingError.self) { try read.read(3..<6) }
        #expect(try folder.files.information(of: path) == nil)
        #expect(throws: StarlingError.self) { try folder.files.open(folder.path) }
        try folder.files.remove(path + "b")
        let error = #expect(throws: StarlingError.self) { try folder.files.open(path) }
        #expect(error?.message.contains(path) == true)
    }
}
