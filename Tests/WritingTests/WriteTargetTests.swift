import StarlingErrors
import StarlingFormats
import StarlingWriting
import Testing

@Suite struct WriteTargetTests {
    private let folder: TestFolder

    init() throws { folder = try TestFolder() }

    private func target(
        _ path: String, _ options: [(name: String, value: String)] = [],
        _ existing: ExistingFiles = .replace, namesPrefix: Bool = false
    ) throws -> WriteTarget {
        try WriteTarget(
            path, options: try WriteOptions(options, known: WriteTarget.options, format: "lines"),
            columns: ["a", "b", "c"], existing: existing, namesPrefix: namesPrefix,
            in: folder.files)
    }

    @Test(
        arguments: [
            ("out.csv", [], false, WriteTarget.Layout.file("out.csv")),
            ("out", [], false, .file("out")),
            ("out/", [], false, .folder("out/", prefix: "")),
            ("out", [("partition_by", "a")], false, .folder("out/", prefix: "")),
            ("out", [("target_max_file_size", "1MB")], false, .folder("out/", prefix: "")),
            ("out", [("file_size_bytes", "100")], false, .folder("out/", prefix: "")),
            (
                "out", [("target_max_file_size", "1MB"), ("single", "true")], false, .file("out")
            ),
            ("d/part_", [], true, .folder("d/", prefix: "part_")),
            ("part_", [], true, .folder("", prefix: "part_")),
            ("d/part.csv", [], true, .file("d/part.csv")),
            ("d/part_", [("single", "true")], true, .file("d/part_")),
            ("file:///d/x.csv", [], false, .file("/d/x.csv")),
            ("file:/d/x", [], false, .file("/d/x")),
        ] as [(String, [(String, String)], Bool, WriteTarget.Layout)])
    func pathsMeanFilesOrFolders(
        path: String, options: [(String, String)], namesPrefix: Bool, layout: WriteTarget.Layout
    ) throws {
        let given = options.map { (name: $0.0, value: $0.1) }
        #expect(try target(path, given, namesPrefix: namesPrefix).layout == layout)
    }

    @Test func foldersThatAreThereAreFolders() throws {
        #expect(try target(folder.path).layout == .folder(folder.path + "/", prefix: ""))
    }

    @Test(
        arguments: [
            ("", [], "the path is empty"), ("x", [("partition_by", "a, b, c")], "all columns"),
            ("x", [("partition_by", "d")], "'d'"), ("x", [("overwrite", "perhaps")], "'perhaps'"),
            ("x", [("partition_by", "a"), ("single", "true")], "exclude each other"),
            ("x", [("target_max_file_size", "none")], "'none'"),
        ] as [(String, [(String, String)], String)])
    func whatMakesNoSenseIsRefused(path: String, options: [(String, String)], part: String) {
        let error = #expect(throws: StarlingError.self) {
            try target(path, options.map { (name: $0.0, value: $0.1) })
        }
        #expect(error?.kind == .binding)
        #expect(error?.message.contains(part) == true)
    }

    @Test func filesAreNumbered() throws {
        let inFolder = try target("out/")
        let path = inFolder.path(partition: "k=1/", number: 3, mark: "m", end: "csv")
        #expect(path == "out/k=1/data_m_3.csv")
        let prefixed = try target("d/part_", namesPrefix: true)
        #expect(prefixed.path(partition: "", number: 3, mark: "m", end: "csv") == "d/part_3.csv")
        let single = try target("x.csv")
        #expect(single.path(partition: "", number: 3, mark: "m", end: "csv") == "x.csv")
    }

    // MARK: What is there already

    private func prepare(_ target: WriteTarget) throws -> UnfinishedFiles {
        let unfinished = UnfinishedFiles(folder.files)
        try target.prepare(unfinished, in: folder.files, end: "lines")
        return unfinished
    }

    @Test func filesThatAreThereAreKeptOnRequest() throws {
        try folder.write("old", to: "x.lines")
        let path = folder.path + "/x.lines"
        let error = #expect(throws: StarlingError.self) {
            _ = try prepare(try target(path, [], .keep))
        }
        #expect(error?.kind == .file && error?.message.contains("'overwrite'") == true)
        _ = try prepare(try target(path, [("overwrite", "true")], .keep))
        _ = try prepare(try target(path))
        #expect(throws: StarlingError.self) {
            _ = try prepare(try target(path, [("append", "true")]))
        }
    }

    /// A folder with files of others is neither mixed with nor cleared unless somebody says so.
    @Test func foldersWithFilesAreRefused() throws {
        try folder.files.makeFolder(folder.path + "/k=1")
        try folder.write("old", to: "k=1/data.lines")
        try folder.write("mark", to: "_SUCCESS")
        try folder.write("hidden", to: ".hidden")
        let error = #expect(throws: StarlingError.self) { _ = try prepare(try target(folder.path)) }
        #expect(error?.kind == .file && error?.message.contains("k=1/data.lines") == true)
        try prepare(try target(folder.path, [("append", "true")])).commit()
        #expect(try folder.contents() == [".hidden", "_SUCCESS", "k=1/", "k=1/data.lines"])
        try prepare(try target(folder.path, [("overwrite", "true")])).commit()
        #expect(try folder.contents() == [".hidden", "_SUCCESS", "k=1/"])
        // What is hidden or only marks something is no data.
        _ = try prepare(try target(folder.path))
    }

    @Test func prefixesThatAreTakenAreRefused() throws {
        let prefix = folder.path + "/part_"
        _ = try prepare(try target(prefix, [], .keep, namesPrefix: true))
        try folder.write("old", to: "part_0.lines")
        #expect(throws: StarlingError.self) {
            _ = try prepare(try target(prefix, [], .keep, namesPrefix: true))
        }
        _ = try prepare(try target(prefix, [("overwrite", "true")], .keep, namesPrefix: true))
    }
}
