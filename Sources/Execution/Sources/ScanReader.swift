// One worker's reading of a scan, morsel by morsel.

import StarlingErrors
import StarlingEvaluation
import StarlingTables
import StarlingVectors

/// A filter that an operator has published, for one worker.
private struct PublishedFilter {
    let slot: RuntimeFilterSlot
    let filter: any RuntimeFilter
    let evaluator: any RuntimeFilterEvaluator
    let position: Int

    init?(_ offered: ScanSource.OfferedFilter) {
        guard let filter = offered.slot.filter else { return nil }
        slot = offered.slot
        self.filter = filter
        evaluator = filter.makeEvaluator()
        position = offered.position
    }
}

/// Reads morsels for one worker.
final class ScanReader: SourceReader {
    private let scan: ScanSource
    private let chunkRowCount: Int
    private let wholeFilter: FilterEvaluator?
    /// That of the open part: none where its statistics say that all rows pass.
    private var filter: FilterEvaluator?
    private let runtimeFilters: [PublishedFilter]
    private var columns: WindowColumns?
    /// The rows of the open part that are gone.
    private var hidden: RowSet?
    /// The rows of the open part that keys name, where windows have others between them.
    private var named: RowRanges?
    /// The rows of the open part that its indexes have left over.
    private var indexed: IndexedRows?
    private var openPart: ScanPart?
    /// How strict filters were when they were last asked for the rows of the morsel.
    private var askedStrictness: [UInt64] = []
    /// The windows of the morsel that were read.
    private var windowCount = 0
    private var windowStart = 0
    /// What is left of the morsel: the current range, and those behind it, last first.
    private var rows = 0..<0
    private var laterRows: [Range<Int>] = []
    /// True while a part is read whose end only shows when it is reached.
    private var isOpenEnded = false
    private(set) var morselNumber: Int?
    /// Rows that are dealt with when the next window is asked for.
    private var passedRowCount = 0

    init(_ scan: ScanSource, chunkRowCount: Int) {
        self.scan = scan
        self.chunkRowCount = chunkRowCount
        wholeFilter = scan.filter?.makeEvaluator()
        runtimeFilters = scan.offeredFilters.compactMap(PublishedFilter.init)
    }

    func next() throws(StarlingError) -> Chunk? {
        do throws(StarlingError) { return try readNext() } catch {
            throw error.locatedIfOfRows(at: scan.place)
        }
    }

    private func readNext() throws(StarlingError) -> Chunk? {
        while true {
            guard let count = try moveWindow() else { return nil }
            if let chunk = try readWindow(count: count) { return chunk }
            try scan.context.cancellation.check()
        }
    }

    /// Moves to the next rows and tells how many there are; nil where nothing is left.
    private func moveWindow() throws(StarlingError) -> Int? {
        while true {
            scan.note(rowCount: passedRowCount)
            passedRowCount = 0
            if isOpenEnded, let columns {
                let count = try columns.moveToNextWindow(countMax: chunkRowCount)
                passedRowCount = count
                if count > 0 { return count }
                isOpenEnded = false
            }
            // Filters grow stricter quickly at first.
            windowCount += 1
            if windowCount & (windowCount - 1) == 0, windowCount > 1 { try tighten() }
            if let columns, !rows.isEmpty {
                let count = min(chunkRowCount, rows.count)
                let start = rows.lowerBound
                rows = (start + count)..<rows.upperBound
                if rows.isEmpty { rows = laterRows.popLast() ?? 0..<0 }
                windowStart = start
                passedRowCount = count
                try columns.moveWindow(to: start, count: count)
                return count
            }
            guard try openMorsel() else { return nil }
        }
    }

    /// Opens the next morsel that may have rows; false where there is none.
    private func openMorsel() throws(StarlingError) -> Bool {
        while let (morsel, number) = scan.nextMorsel() {
            if let reason = try open(morsel) {
                scan.measurements.pruning.addParts(1, reason)
                scan.note(rowCount: morsel.rowCount)
                try scan.context.cancellation.check()
                continue
            }
            scan.measurements.partCount.wrappingAdd(1, ordering: .relaxed)
            morselNumber = number
            return true
        }
        let bytes = scan.context.bytesRead.exchange(0, ordering: .relaxed)
        scan.measurements.byteCount.wrappingAdd(bytes, ordering: .relaxed)
        return false
    }

    /// Prepares a morsel for reading, or says what excludes all of its rows.
    private func open(_ morsel: ScanSource.Morsel) throws(StarlingError) -> PruningReason? {
        let part = morsel.part.part
        filter = morsel.part.needsFilter ? wholeFilter : nil
        hidden = part.hiddenRows
        indexed = nil
        named = nil
        guard part.isCounted else { return try openUncounted(part) }
        let strictnessBefore = strictness
        for published in runtimeFilters {
            let column = scan.columns[published.position]
            let statistics = part.statistics(of: column)
            if !published.filter.mayMatch(statistics, rowCount: part.rowCount) {
                return published.filter.reason
            }
            if let values = published.filter.values,
                try part.lacks(values, in: column, context: scan.context)
            {
                return .bloomFilter
            }
        }
        let survivors = try morsel.part.survivors(
            scan.filter, scan.required, scan.indexConditions, columns: scan.columns,
            context: scan.context
        ) { (rows) throws(StarlingError) in try tightened(rows, of: morsel.part) }
        indexed = survivors.indexed
        var reason = survivors.reason
        var kept = survivors.rows.intersection(RowRanges(morsel.rows))
        let rowCount = kept.rowCount
        for published in runtimeFilters where !kept.isEmpty {
            let column = scan.columns[published.position]
            if column.path.isEmpty, let values = published.filter.values,
                let rows = try morsel.part.rows(having: [(column.column, values)], scan.context)
            {
                kept = kept.intersection(rows)
                reason = .keyIndex
                continue
            }
            kept = try morsel.part.survivors(
                of: kept, published.filter, column: column, context: scan.context)
        }
        if reason != .keyIndex { kept = try candidates(among: kept, of: part) }
        if kept.rowCount < rowCount, reason != .keyIndex, indexed == nil { reason = .pageIndex }
        if kept.isEmpty { return reason }
        let reader = try part.makeReader(columns: scan.columns, context: scan.context)
        reader.expect(kept, late: filter == nil && runtimeFilters.isEmpty ? [] : scan.lateColumns)
        if let reason = try excludedByDictionaries(reader) { return reason }
        let keptCount = indexed?.count(in: kept) ?? kept.rowCount
        var zonedCount = keptCount
        if let indexed, let zoned = survivors.zoned {
            zonedCount = zoned.intersection(RowRanges(morsel.rows)).rowCount
            scan.measurements.pruning.addRows(zonedCount - keptCount, indexed.reason)
        }
        scan.measurements.pruning.addRows(
            morsel.rows.count - zonedCount, reason == .keyIndex ? .keyIndex : .pageIndex)
        scan.measurements.scannedRowCount.wrappingAdd(keptCount, ordering: .relaxed)
        columns = WindowColumns(
            reader, claims: part.hasOwnStatistics ? scan.noClaims : scan.claims)
        var windows = kept
        if reason == .keyIndex {
            windows = kept.spanning(gapsUpTo: RowRanges.windowGapMax)
            if windows != kept { named = kept }
        }
        scan.note(rowCount: morsel.rows.count - windows.rowCount)
        laterRows = windows.ranges.reversed()
        rows = laterRows.removeLast()
        openPart = morsel.part
        askedStrictness = strictnessBefore
        windowCount = 0
        return nil
    }

    private var strictness: [UInt64] { runtimeFilters.map { $0.filter.strictness } }

    /// Takes rows away that filters which become stricter while the query runs want no more.
    private func tightened(
        _ rows: RowRanges, of part: ScanPart
    ) throws(StarlingError) -> RowRanges {
        var rows = rows
        for published in runtimeFilters
        where !rows.isEmpty && published.filter.prefersAscending != nil {
            rows = try part.survivors(
                of: rows, published.filter, column: scan.columns[published.position],
                context: scan.context)
        }
        return rows
    }

    /// Takes rows away that such filters want no more, where the part knows of single rows.
    private func candidates(
        among rows: RowRanges, of part: any TablePart
    ) throws(StarlingError) -> RowRanges {
        var kept = rows
        for published in runtimeFilters
        where !kept.isEmpty && published.filter.prefersAscending != nil {
            let column = scan.columns[published.position]
            guard column.path.isEmpty,
                let wanted = try part.rows(
                    ofColumn: column.column, within: kept, context: scan.context,
                    areWanted: { published.filter.mayMatch($0, rowCount: 1) })
            else { continue }
            if indexed?.formIntersection(wanted) == nil { indexed = IndexedRows(wanted) }
            kept = kept.intersection(indexed?.ranges ?? kept)
        }
        return kept
    }

    /// Asks such filters again for what is left of the morsel, where they have become stricter.
    private func tighten() throws(StarlingError) {
        guard let openPart, named == nil, !rows.isEmpty, strictness != askedStrictness else {
            return
        }
        askedStrictness = strictness
        var left = RowRanges(rows)
        for range in laterRows.reversed() { left.append(range) }
        let before = indexed?.count(in: left) ?? left.rowCount
        let kept = try candidates(
            among: try tightened(left, of: openPart), of: openPart.part)
        let count = before - (indexed?.count(in: kept) ?? kept.rowCount)
        guard kept != left || count > 0 else { return }
        scan.note(rowCount: left.rowCount - kept.rowCount)
        scan.measurements.pruning.addRows(count, .pageIndex)
        scan.measurements.scannedRowCount.wrappingSubtract(count, ordering: .relaxed)
        laterRows = kept.ranges.reversed()
        rows = laterRows.popLast() ?? 0..<0
    }

    /// Prepares a part for reading whose rows only show while they are read.
    private func openUncounted(_ part: any TablePart) throws(StarlingError) -> PruningReason? {
        for published in runtimeFilters {
            let statistics = part.statistics(of: scan.columns[published.position])
            let rowCount = max(1, part.rowCount)
            if !published.filter.mayMatch(statistics, rowCount: rowCount) {
                return published.filter.reason
            }
        }
        let reader = try part.makeReader(columns: scan.columns, context: scan.context)
        columns = WindowColumns(
            reader, claims: part.hasOwnStatistics ? scan.noClaims : scan.claims)
        isOpenEnded = true
        return nil
    }

    /// Asks whether conditions hold for no value of a dictionary that all rows come from.
    private func excludedByDictionaries(
        _ reader: any PartReader
    ) throws(StarlingError) -> PruningReason? {
        for position in filter?.dictionaryColumns ?? [] {
            guard let dictionary = try reader.dictionary(of: position) else { continue }
            if filter?.excludes(dictionary, of: position) ?? false { return .dictionary }
        }
        for published in runtimeFilters where published.filter.values != nil {
            guard let dictionary = try reader.dictionary(of: published.position) else { continue }
            if !published.evaluator.mayMatch(dictionary) { return .dictionary }
        }
        return nil
    }

    private func readWindow(count: Int) throws(StarlingError) -> Chunk? {
        guard let columns else { return nil }
        var selection = hidden?.others(in: windowStart..<(windowStart + count))
        if let named {
            selection = named.narrow(selection, in: windowStart..<(windowStart + count))
        }
        if let indexed {
            selection = indexed.narrow(selection, in: windowStart..<(windowStart + count))
        }
        if selection?.count == 0 { return nil }
        // Columns are read for the rows that are asked for first: all of them have no selection.
        if selection?.count == count { selection = nil }
        if let filter {
            selection = try filter.select(
                columns, count: count, among: selection, proven: indexed?.proven ?? [])
        }
        if selection?.count == 0 { return nil }
        for published in runtimeFilters {
            let before = selection?.count ?? count
            let vector = try columns.column(published.position, selection: selection)
            selection = published.evaluator.narrow(selection, by: vector)
            let after = selection?.count ?? count
            published.slot.rejectedRowCount.wrappingAdd(before - after, ordering: .relaxed)
            if after == 0 { return nil }
        }
        scan.readAhead.noteRows()
        let kept = selection?.count ?? count
        let isAll = kept == count
        var vectors: [Vector] = []
        vectors.reserveCapacity(scan.outputs.count)
        for position in scan.outputs {
            vectors.append(try columns.column(position, selection: isAll ? nil : selection))
        }
        return Chunk(columns: vectors, count: kept)
    }
}
