// The files that a materialized view reads. Its record knows those that its rows are made of; when files came
// to these, their rows are what changed. Of a file that is gone or was written anew nobody knows any more what
// was in it, but for what its folders say: where the partitions of the view are made of that, those are computed
// to which its rows belonged, else all.

import StarlingErrors
import StarlingPlans
import StarlingStorage
import StarlingTables
import StarlingThreads
import StarlingViews

/// Holds the files that a view's query reads, as they are.
struct ViewedFiles {
    /// Of two changes within so many microseconds a file system may give only one time.
    private static let clockStep: Int64 = 20_000

    private(set) var tables: [any TableOfFiles] = []
    /// By what the query calls them.
    private(set) var opened: [FileReference: any Table] = [:]
    /// Files that were changed behind this moment may change and look the same.
    private var settledMoment: Int64 = 0

    static let none = ViewedFiles()

    /// Compiles a query and takes hold of the files that it reads, once nobody has just written them.
    static func compiling(
        _ runner: StatementRunner, _ compile: () throws(StarlingError) -> CompiledQuery
    ) throws(StarlingError) -> (query: CompiledQuery, files: ViewedFiles) {
        var triesLeft = 2
        while true {
            var files = ViewedFiles()
            files.settledMoment = wallClockMicroseconds() - clockStep
            runner.openedFiles = [:]
            let query = try compile()
            files.tables = query.plan.tablesOfFiles
            files.opened = runner.openedFiles
            triesLeft -= 1
            if triesLeft == 0 || files.areSettled { return (query, files) }
            pause(nanoseconds: UInt64(clockStep) * 1_000)
        }
    }

    private var areSettled: Bool { tables.allSatisfy { $0.files.allSatisfy(isSettled) } }

    private func isSettled(_ file: FileVersion) -> Bool {
        file.changeNanoseconds / 1_000 < settledMoment
    }

    /// The files of a table as the next refresh is to find them.
    fileprivate func versions(of table: any TableOfFiles) -> [FileVersion] {
        table.files.map { file in
            guard !isSettled(file) else { return file }
            // The next refresh takes it for changed, whatever it finds.
            var file = file
            file.changeNanoseconds = 0
            return file
        }
    }
}

extension ViewRecord.Files {
    /// Describes files that a view reads and has no rows of yet.
    init(unread table: any TableOfFiles) throws(StarlingError) {
        self.init(
            source: table.source,
            definition: try Self.definition(of: table))
    }

    /// Names the columns and their types. That a file has NULLs makes no difference.
    private static func definition(of table: any TableOfFiles) throws(StarlingError) -> String {
        try StatementRunner.definition(
            of: table.columns.map { TableColumn(name: $0.name, type: $0.type) })
    }

    fileprivate func hasOtherColumns(
        than table: any TableOfFiles
    ) throws(StarlingError) -> Bool {
        try Self.definition(of: table) != definition
    }

    /// Says why what changed is not known; nil where it is.
    fileprivate func obstacle(_ table: any TableOfFiles) -> RefreshObstacle? {
        guard read != nil else { return RefreshObstacle(reason: "the first refresh") }
        guard let lost = lost(by: table).first else { return nil }
        let fate = table.files.contains { $0.path == lost.path } ? "was written anew" : "is gone"
        return RefreshObstacle(reason: "'\(lost.path)' \(fate)", leavesPartitions: true)
    }

    /// The files that rows were made of and that are no more what they were.
    fileprivate func lost(by table: any TableOfFiles) -> [FileVersion] {
        let now = Set(table.files)
        return (read ?? []).filter { !now.contains($0) }
    }

    /// Which files came since.
    fileprivate func change(to table: any TableOfFiles) -> BaseChange {
        BaseChange(from: Set(read ?? []), to: table)
    }
}

extension [ViewRecord.Files] {
    /// What is known of the files of a table.
    subscript(of table: any TableOfFiles) -> ViewRecord.Files? {
        first { $0.source == table.source }
    }
}

extension ViewState {
    /// Says why the view has to be made anew, with other columns maybe; nil where it has not.
    func obstacleToRows(_ tables: [any TableOfFiles]) throws(StarlingError) -> String? {
        for table in tables {
            if let known = record.files[of: table], try known.hasOtherColumns(than: table) {
                return "the files of \(table.title) have other columns now"
            }
        }
        return nil
    }

    /// Says why it is not known what changed in files; nil where it is.
    func obstacle(_ tables: [any TableOfFiles]) throws(StarlingError) -> RefreshObstacle? {
        if let reason = try obstacleToRows(tables) { return RefreshObstacle(reason: reason) }
        var found: RefreshObstacle?
        for table in tables {
            guard let known = record.files[of: table] else {
                return RefreshObstacle(
                    reason: "which files of \(table.title) it has read is not known")
            }
            guard let obstacle = known.obstacle(table) else { continue }
            if !obstacle.leavesPartitions { return obstacle }
            found = found ?? obstacle
        }
        return found
    }

    /// The files that a scan would have read when the view's rows were made, and that are no more.
    func filesLost(by scan: ScanNode) -> [FileVersion] {
        guard let table = scan.table as? any TableOfFiles else { return [] }
        return record.files[of: table]?.lost(by: table) ?? []
    }

    /// The files that came to those that its rows are made of.
    func changes(to tables: [any TableOfFiles]) -> [BaseChange] {
        tables.compactMap { table in
            record.files[of: table]?.change(to: table)
        }
    }

    /// Notes which files the rows are made of.
    mutating func stand(at files: ViewedFiles) throws(StarlingError) {
        record.files = try mapAll(files.tables) { (table) throws(StarlingError) in
            var known = try ViewRecord.Files(unread: table)
            known.read = files.versions(of: table)
            return known
        }
    }
}

extension ScanNode {
    /// Gives a row for each of some files, with what their folders say; nil where some expressions need
    /// other columns, too.
    func folders(of files: [FileVersion], for expressions: [BoundExpression]) -> LogicalPlan? {
        guard let table = table as? any TableOfFiles else { return nil }
        let needed = Set(expressions.flatMap(\.referencedColumns))
        let read = columns.filter { needed.contains($0.column.id) }
        let areOfFolders = read.allSatisfy {
            $0.path.isEmpty && table.folderColumns.contains($0.position)
        }
        guard areOfFolders else { return nil }
        var rows = ValuesNode(columns: read.map(\.column), rows: [])
        for file in files {
            guard let values = table.folderValues(of: file.path) else { return nil }
            let row = read.map { values[$0.position - table.folderColumns.lowerBound] }
            // The files that are left may have no NULL where this one had.
            guard zip(row, read).allSatisfy({ !$0.isNull || $1.column.isNullable }) else {
                return nil
            }
            rows.constants.append(row)
        }
        return LogicalPlan(.values(rows))
    }
}
