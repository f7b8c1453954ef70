// The scores of texts in the windows of a scan: from an index as long as it can be read, and else from the
// texts themselves.

import StarlingErrors
import StarlingIndexes
import StarlingTables
import StarlingVectors

/// Scores the texts of windows for one worker.
final class ScoreReader {
    private let access: ScoreAccess
    private var lists: TextScoreReader?
    private let nulls: [UInt32]
    private let openTexts: () throws(StarlingError) -> any PartReader
    private var texts: (any PartReader)?
    private var window = 0..<0

    /// Reads texts with what `openTexts` gives, where that has to be.
    init(
        _ access: ScoreAccess, _ context: ScanContext,
        openTexts: @escaping () throws(StarlingError) -> any PartReader
    ) throws(StarlingError) {
        self.access = access
        self.openTexts = openTexts
        let scores = try access.scores(context)
        lists = scores.map { TextScoreReader($0) }
        nulls = scores?.nulls ?? []
    }

    /// Scores the rows of a window, or those of them that are selected.
    func read(_ window: Range<Int>, _ selection: Selection?) throws(StarlingError) -> Vector {
        if var lists = lists.take() {
            do throws(StarlingError) {
                try lists.moveWindow(to: window)
                let result = scores(window, selection, &lists)
                self.lists = consume lists
                return result
            } catch {
                guard error.kind == .data || error.kind == .file else { throw error }
                access.noteDamage()
            }
        }
        return access.scores(ofTexts: try texts(window, selection))
    }

    private func texts(
        _ window: Range<Int>, _ selection: Selection?
    ) throws(StarlingError) -> Vector {
        if texts == nil { texts = try openTexts() }
        guard let reader = texts else {
            throw StarlingError(.internal, "texts that are scored cannot be read")
        }
        if self.window != window {
            try reader.moveWindow(to: window.lowerBound, count: window.count)
        }
        self.window = window
        return try reader.read(0, selection: selection)
    }

    private func scores(
        _ window: Range<Int>, _ selection: Selection?, _ lists: inout TextScoreReader
    ) -> Vector {
        let count = selection?.count ?? window.count
        var result = Vector.zeroScores(count)
        let target = result.pointer(to: Double.self)
        var null = RowLists.place(of: window.lowerBound, in: nulls)
        let validity = Validity(count: count, allValid: true)
        var hasNulls = false
        for number in 0..<count {
            let row = window.lowerBound + (selection.map { Int($0.rows[number]) } ?? number)
            while null < nulls.count, Int(nulls[null]) < row { null += 1 }
            if null < nulls.count, Int(nulls[null]) == row {
                validity.setNull(number)
                hasNulls = true
            } else {
                target[number] = lists.score(ofRow: row)
            }
        }
        if hasNulls { result.validity = validity }
        return result
    }
}
