// What a view's stored rows become when its tables have changed: the rows that go, by their numbers,
// and those that come.

import StarlingErrors
import StarlingPlans
import StarlingStorage
import StarlingTables
import StarlingTypes
import StarlingVectors
import StarlingViews

/// Finds out how the stored rows of a view change.
struct ViewChanges {
    private let runner: StatementRunner
    private let program: ViewProgram
    private let algebra: DeltaAlgebra
    private let bases: [BaseChange]
    private let narrow: Narrowing?
    private let flaw: SeededFlaw?
    private let storage: NativeTable
    private let numbered: NumberedTable
    private var kept: KeptRows?
    private(set) var gone = RowNumbers()
    private(set) var new: [Chunk] = []

    /// Leaves out rows of tables that have none of some keys.
    typealias Narrowing = ([BaseChange], NativeTable) throws(StarlingError) -> [BaseChange]

    /// The runner hands out the identities of the program.
    init(
        _ program: ViewProgram, _ bases: [BaseChange], _ storage: NativeTable,
        _ runner: StatementRunner, keeping kept: KeptRows? = nil,
        narrowing narrow: Narrowing? = nil
    ) throws(StarlingError) {
        self.bases = bases
        self.kept = kept
        self.narrow = narrow
        self.runner = runner
        self.program = program
        self.storage = storage
        flaw = runner.session.database.configuration.viewFlaw
        algebra = DeltaAlgebra(bases, program.allocator, flaw: flaw)
        numbered = NumberedTable(storage)
        runner.binderAllocator = program.allocator
        switch program.strategy {
        case .rows: try changeRows()
        case .states: try changeStates()
        case .keys: try changeKeys()
        }
    }

    /// How the changes of each operator are found.
    var operators: [String] { program.operators }

    /// The rows that were read for this: of tables, and of changes.
    var readRowCount: Int { runner.readRowCount }

    var isEmpty: Bool { gone.count == 0 && new.isEmpty }

    // MARK: Rows

    private mutating func changeRows() throws(StarlingError) {
        guard let rows = try program.changedRows(algebra) else { return }
        let width = storage.columns.count
        if rows.onlyGrows {
            for chunk in try runner.rows(of: rows.plan).chunks { try add(chunk) }
            return
        }
        var lost: [Chunk] = []
        /// How many of each row are still to be found.
        var wanted: [Int128] = []
        for chunk in try runner.rows(of: try program.consolidated(rows)).chunks {
            let isKept = try kept?.areKept(chunk)
            let weights = (0..<chunk.count).map { row -> Int128 in
                guard isKept?[row] ?? true else { return 0 }
                return chunk.columns[width].value(at: row).integer ?? 0
            }
            new += chunk.repeated(weights, width)
            let going = weights.indices.filter { weights[$0] < 0 }
            guard !going.isEmpty else { continue }
            let places = going.indices.map { Value.integer(Int128(wanted.count + $0)) }
            wanted += going.map { -weights[$0] }
            let picked = chunk.picking(going, width)
            lost.append(
                Chunk(
                    columns: picked.columns + [Vector(.int64, values: places)],
                    count: picked.count))
        }
        guard !lost.isEmpty else { return }
        let table = try Self.table(
            storage.columns + [TableColumn(name: "place", type: .bigint, isNullable: false)], lost)
        for chunk in try runner.rows(of: program.matches(of: table, in: numbered)).chunks {
            for row in 0..<chunk.count {
                let place = Int(StatementRunner.number(chunk.columns[1], row))
                guard wanted[place] > 0 else { continue }
                if gone.insert(StatementRunner.number(chunk.columns[0], row)) { wanted[place] -= 1 }
            }
        }
        guard wanted.allSatisfy({ $0 == 0 }) else { throw Self.disagreement }
    }

    // MARK: States

    private mutating func changeStates() throws(StarlingError) {
        guard let plan = try program.groupedChanges(algebra) else { return }
        let grouped = try runner.rows(of: plan)
        guard grouped.rowCount > 0 else { return }
        let changes = try Self.table(grouped.columns.map(\.tableColumn), grouped.chunks)
        let known = try storage.numbers(
            ofRowsWithKeysOf: changes, at: Array(program.keyPositions.indices), runner.keySearch)
        let changed = try program.changedStates(
            changes,
            in: try known.map { (rows) throws(StarlingError) in try storage.reading(rows) }
                ?? numbered)
        let width = storage.columns.count
        var stale: [Chunk] = []
        for chunk in try runner.rows(of: changed.plan).chunks {
            let isKept = try kept?.areKept(chunk)
            var staying: [Int] = []
            var outdated: [Int] = []
            for row in 0..<chunk.count where isKept?[row] ?? true {
                let number = chunk.columns[width].value(at: row)
                if case .integer(let number) = number { _ = gone.insert(Int64(clamping: number)) }
                let count = chunk.columns[width + 1].value(at: row).integer ?? -1
                guard count >= 0 else { throw Self.disagreement }
                if count == 0, !program.keyPositions.isEmpty, flaw != .emptyGroupsKept { continue }
                if chunk.columns[width + 2].value(at: row).isTrue, flaw != .extremesKept {
                    outdated.append(row)
                    continue
                }
                guard !chunk.columns[width + 3].value(at: row).isTrue else {
                    throw StarlingError(.data, AggregateStates.excess)
                }
                staying.append(row)
            }
            if !staying.isEmpty { new.append(chunk.picking(staying, width)) }
            if !outdated.isEmpty {
                let picked = chunk.picking(outdated, width)
                stale.append(
                    Chunk(
                        columns: program.keyPositions.map { picked.columns[$0] },
                        count: picked.count))
            }
        }
        guard !stale.isEmpty else { return }
        try compute(stale)
    }

    // MARK: Keys

    private mutating func changeKeys() throws(StarlingError) {
        guard let plan = try program.touchedKeys(algebra) else { return }
        let touched = try runner.rows(of: plan).chunks
        guard touched.contains(where: { $0.count > 0 }) else { return }
        let keys = try keyTable(touched)
        let known = try storage.numbers(
            ofRowsWithKeysOf: keys, at: Array(program.keyPositions.indices), runner.keySearch)
        if let known {
            gone = known
        } else {
            for chunk in try runner.rows(of: program.numbers(of: keys, in: numbered)).chunks {
                for row in 0..<chunk.count {
                    _ = gone.insert(StatementRunner.number(chunk.columns[0], row))
                }
            }
        }
        try compute(touched)
    }

    /// Computes the groups or partitions with some keys anew.
    private mutating func compute(_ keys: [Chunk]) throws(StarlingError) {
        let table = try keyTable(keys)
        var algebra = algebra
        if let narrow {
            algebra = DeltaAlgebra(try narrow(bases, table), program.allocator, flaw: flaw)
        }
        let plan = try program.computing(table, algebra)
        for chunk in try runner.rows(of: plan).chunks { try add(chunk) }
    }

    /// Adds those of some rows that the view keeps.
    private mutating func add(_ chunk: Chunk) throws(StarlingError) {
        let width = storage.columns.count
        guard let isKept = try kept?.areKept(chunk), isKept.contains(false) else {
            return new.append(
                Chunk(columns: Array(chunk.columns.prefix(width)), count: chunk.count))
        }
        let rows = isKept.indices.filter { isKept[$0] }
        if !rows.isEmpty { new.append(chunk.picking(rows, width)) }
    }

    private func keyTable(_ keys: [Chunk]) throws(StarlingError) -> NativeTable {
        let columns = program.keyPositions.enumerated().map { place, position in
            TableColumn(
                name: "key\(place)", type: storage.columns[position].type,
                isNullable: program.keyIsNullable(place))
        }
        return columns.isEmpty
            ? NativeTable(name: "changes", columns: columns) : try Self.table(columns, keys)
    }

    private static func table(
        _ columns: [TableColumn], _ chunks: [Chunk]
    ) throws(StarlingError) -> NativeTable {
        try NativeTable(name: "changes", columns: columns).appending(chunks)
    }

    private static var disagreement: StarlingError {
        StarlingError(
            .internal,
            "its stored rows are not those that its tables had; ALTER MATERIALIZED VIEW … "
                + "ACTIVE makes them anew")
    }
}

extension ResultColumn {
    fileprivate var tableColumn: TableColumn { TableColumn(name: name, type: type) }
}

extension Value {
    fileprivate var isTrue: Bool { integer.map { $0 != 0 } ?? false }
}

extension Chunk {
    /// Gives some rows of the first columns.
    fileprivate func picking(_ rows: [Int], _ width: Int) -> Chunk {
        var selection = Selection()
        for row in rows {
            selection.rows[selection.count] = UInt16(row)
            selection.count += 1
        }
        return Chunk(
            columns: columns.prefix(width).map { $0.gathered(by: selection) },
            count: selection.count)
    }

    /// Gives each row as often as its weight says, where that is positive.
    fileprivate func repeated(_ weights: [Int128], _ width: Int) -> [Chunk] {
        var result: [Chunk] = []
        var round: Int128 = 0
        while true {
            let rows = weights.indices.filter { weights[$0] > round }
            guard !rows.isEmpty else { return result }
            result.append(picking(rows, width))
            round += 1
        }
    }
}
