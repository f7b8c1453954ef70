import StarlingErrors
import StarlingFiles
import StarlingWriting
import Testing

@Suite struct UnfinishedFilesTests {
    private let folder: TestFolder
    private let unfinished: UnfinishedFiles

    init() throws {
        folder = try TestFolder()
        unfinished = UnfinishedFiles(folder.files)
    }

    private func begin(_ name: String, _ text: String = "new") throws {
        let file = try unfinished.create("\(folder.path)/\(name)")
        try file.write(Array(text.utf8))
        try file.close()
    }

    /// Until all are complete, files have names that readers of a folder pass over.
    @Test func filesGetTheirNamesAtTheEnd() throws {
        try unfinished.makeFolders(folder.path + "/a/b")
        try begin("a/b/one.txt")
        try begin("two.txt")
        let before = try folder.contents().filter { !$0.hasSuffix("/") }
        #expect(before.count == 2)
        for name in before {
            let last = name.split(separator: "/").last ?? ""
            #expect(last.hasPrefix(".") && last.hasSuffix(".tmp"))
            #expect(last.contains(unfinished.mark))
        }
        try unfinished.commit()
        #expect(try folder.contents() == ["a/", "a/b/", "a/b/one.txt", "two.txt"])
        #expect(try folder.read("a/b/one.txt") == "new")
    }

    @Test func whatIsAbandonedLeavesNothing() throws {
        try folder.write("old", to: "old.txt")
        try folder.files.makeFolder(folder.path + "/there")
        try unfinished.makeFolders(folder.path + "/there/new/deep")
        try begin("there/new/deep/one.txt")
        try begin("there/two.txt")
        try begin("old.txt")
        unfinished.replace(folder.path + "/old.txt")
        unfinished.abandon()
        #expect(try folder.contents() == ["old.txt", "there/"])
        #expect(try folder.read("old.txt") == "old")
        // There is nothing left to commit.
        try unfinished.commit()
        #expect(try folder.contents() == ["old.txt", "there/"])
    }

    /// Folders in which others have put something stay.
    @Test func foldersOfOthersStay() throws {
        try unfinished.makeFolders(folder.path + "/new/deep")
        try folder.write("other", to: "new/other.txt")
        unfinished.abandon()
        #expect(try folder.contents() == ["new/", "new/other.txt"])
    }

    @Test func filesOfTheSameNameAreReplaced() throws {
        try folder.write("old", to: "file.txt")
        try folder.write("old", to: "gone.txt")
        try begin("file.txt")
        unfinished.replace(folder.path + "/gone.txt")
        #expect(try folder.read("file.txt") == "old" && folder.read("gone.txt") == "old")
        try unfinished.commit()
        #expect(try folder.contents() == ["file.txt"])
        #expect(try folder.read("file.txt") == "new")
    }

    /// A name that cannot be given takes those back that were.
    @Test func aCommitThatFailsTakesItsFilesBack() throws {
        try begin("first.txt")
        try begin("taken")
        try begin("last.txt")
        try folder.write("old", to: "kept.txt")
        unfinished.replace(folder.path + "/kept.txt")
        try folder.files.makeFolder(folder.path + "/taken")
        try folder.write("x", to: "taken/x")
        #expect(throws: StarlingError.self) { try unfinished.commit() }
        unfinished.abandon()
        #expect(try folder.contents() == ["kept.txt", "taken/", "taken/x"])
    }

    @Test func filesAreNoFolders() throws {
        try folder.write("old", to: "file")
        let error = #expect(throws: StarlingError.self) {
            try unfinished.makeFolders(folder.path + "/file/deep")
        }
        #expect(error?.kind == .file)
        #expect(error?.message.contains("/file'") == true)
        try unfinished.makeFolders("")
        unfinished.abandon()
        #expect(try folder.contents() == ["file"])
    }

    @Test func statementsHaveMarksOfTheirOwn() {
        #expect(UnfinishedFiles(folder.files).mark != unfinished.mark)
    }

    @Test(arguments: [
        ("a/b", "a/", "b"), ("/a", "/", "a"), ("a", "", "a"), ("a/", "a/", ""), ("", "", ""),
        ("/a/b/c.txt", "/a/b/", "c.txt"),
    ])
    func pathsAreSplitBehindTheLastSlash(path: String, folder: String, name: String) {
        let parts = UnfinishedFiles.split(path)
        #expect(parts.folder == folder && parts.name == name)
    }
}
