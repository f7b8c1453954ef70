// The evaluation of a program for one set of rows. A frame within another one stands for some of
// its rows: the branches of a CASE.

import StarlingErrors
import StarlingKernels
import StarlingVectors

/// Gives the values of nodes for one set of rows.
final class EvaluationFrame {
    let worker: EvaluationWorker
    private(set) var source: any ColumnSource
    /// The rows of the source; nil for all.
    private(set) var selection: Selection?
    private(set) var count: Int
    private var values: FrameValues
    private var columns: [(position: Int, vector: Vector)] = []
    private let parent: EvaluationFrame?
    private let rowsInParent: Selection?

    /// Makes a frame that begins later.
    convenience init(_ worker: EvaluationWorker) {
        self.init(worker, NoColumns(), selection: nil, count: 0)
    }

    init(
        _ worker: EvaluationWorker, _ source: any ColumnSource, selection: Selection?, count: Int,
        parent: EvaluationFrame? = nil, rowsInParent: Selection? = nil
    ) {
        self.worker = worker
        self.source = source
        self.selection = selection
        self.count = count
        self.parent = parent
        self.rowsInParent = rowsInParent
        values = FrameValues(
            nodeCount: worker.program.nodes.count, isShortLived: parent != nil)
    }

    /// Begins with other rows; a frame without a parent serves one chunk after the other.
    func begin(_ source: some ColumnSource, selection: Selection?, count: Int) {
        forget()
        self.source = source
        self.selection = selection
        self.count = count
    }

    /// Gives up what the last rows have left, so that others may have its memory.
    func forget() {
        values.removeAll()
        columns.removeAll(keepingCapacity: true)
        source = NoColumns()
        selection = nil
        count = 0
    }

    /// Makes a frame for some of the rows of this one.
    func narrowed(to rows: Selection) -> EvaluationFrame {
        EvaluationFrame(
            worker, source, selection: rows.composed(within: selection), count: rows.count,
            parent: self, rowsInParent: rows)
    }

    /// Returns the value of a node, computed on the first request.
    func value(_ index: Int) throws(StarlingError) -> Vector {
        if let known = values[index] { return known }
        let program = worker.program
        if let inherited = inheritedValue(index) {
            values[index] = inherited
            return inherited
        }
        // One chunk may have very long texts and lists.
        try program.session.cancellation?.check()
        var result: Vector
        if let column = program.nodes[index].dictionaryColumn,
            let mapped = try worker.valueByDictionary(index, column: column, frame: self)
        {
            result = mapped
        } else {
            result = try program.steps[index].evaluate(self)
        }
        if program.nodes[index].useCount > 1 { values[index] = result }
        return result
    }

    /// Takes a value that a frame around this one has already.
    private func inheritedValue(_ index: Int) -> Vector? {
        guard let parent, let rowsInParent else { return nil }
        guard let value = parent.values[index] ?? parent.inheritedValue(index) else { return nil }
        return value.gathered(by: rowsInParent)
    }

    /// Returns a column for the rows of the frame; the source is asked once.
    ///
    /// A frame within another one asks that one: the source gives a column for the rows first asked
    /// for and for some of them later, and rows outside of a branch may be needed after it.
    func column(_ position: Int) throws(StarlingError) -> Vector {
        for known in columns where known.position == position { return known.vector }
        let vector: Vector
        if let parent, let rowsInParent {
            vector = try parent.column(position).gathered(by: rowsInParent)
        } else {
            vector = try source.column(position, selection: selection)
        }
        columns.append((position, vector))
        return vector
    }

    /// Returns the value of a node as a flat or constant vector.
    func plainValue(_ index: Int) throws(StarlingError) -> Vector {
        let value = try value(index)
        return value.dictionary == nil ? value : value.flattened()
    }
}

/// Is the source of a frame that has not begun.
private struct NoColumns: ColumnSource {
    func column(_ position: Int, selection: Selection?) throws(StarlingError) -> Vector {
        throw StarlingError(.internal, "an expression is evaluated without rows")
    }
}

/// Keeps the values of nodes. A frame for a branch of a CASE with thousands of branches sees a few
/// of the nodes, and making it must not cost as much as there are.
private struct FrameValues {
    private static let denseCountMax = 256

    private var dense: [Vector?] = []
    private var filled: [Int] = []
    private var sparse: [Int: Vector] = [:]

    init(nodeCount: Int, isShortLived: Bool) {
        guard !isShortLived || nodeCount <= Self.denseCountMax else { return }
        dense = Array(repeating: nil, count: nodeCount)
    }

    subscript(index: Int) -> Vector? {
        get { dense.isEmpty ? sparse[index] : dense[index] }
        set {
            if dense.isEmpty {
                sparse[index] = newValue
            } else {
                dense[index] = newValue
                filled.append(index)
            }
        }
    }

    mutating func removeAll() {
        for index in filled { dense[index] = nil }
        filled.removeAll(keepingCapacity: true)
        sparse.removeAll()
    }
}
