// One worker's use of a program, with what it keeps from chunk to chunk: results over
// dictionaries.

import StarlingErrors
import StarlingKernels
import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Evaluates a program for one worker.
final class EvaluationWorker {
    let program: EvaluationProgram
    private var mappings: [DictionaryMapping?]
    /// Dictionaries that were too large so far, with the rows that came with them.
    private var postponed: [Int: (dictionary: VectorDictionary, rowCount: Int)] = [:]

    init(_ program: EvaluationProgram) {
        self.program = program
        mappings = Array(repeating: nil, count: program.nodes.count)
    }

    /// Evaluates a node that depends on one column through that column's dictionary: once for each
    /// distinct value, kept as long as chunks come with the same dictionary. Returns nil where the
    /// column has none, or it is too large for that to pay.
    func valueByDictionary(
        _ index: Int, column: Int, frame: EvaluationFrame
    ) throws(StarlingError) -> Vector? {
        let vector = try frame.column(column)
        guard let dictionary = vector.dictionary else { return nil }
        if mappings[index]?.dictionary !== dictionary {
            guard isWorthIt(index, dictionary, rowCount: frame.count) else { return nil }
            mappings[index] = DictionaryMapping(dictionary, computing: index, of: column, in: self)
        }
        return mappings[index]?.apply(to: vector)
    }

    /// Tells whether enough rows share the dictionary: one for every four of its values.
    private func isWorthIt(
        _ index: Int, _ dictionary: VectorDictionary, rowCount: Int
    ) -> Bool {
        if dictionary.count <= 4 * rowCount { return true }
        var sofar = rowCount
        if let before = postponed[index], before.dictionary === dictionary {
            sofar += before.rowCount
        }
        postponed[index] = (dictionary, sofar)
        return dictionary.count <= 4 * sofar
    }

    /// Tells whether a boolean node is true for any value of a dictionary or for NULL.
    func isEverTrue(_ index: Int, column: Int, dictionary: VectorDictionary) -> Bool {
        if mappings[index]?.dictionary !== dictionary {
            mappings[index] = DictionaryMapping(dictionary, computing: index, of: column, in: self)
        }
        return mappings[index]?.isEverTrue ?? true
    }

    /// Computes a node for a plain vector in the place of a column.
    func evaluate(
        _ index: Int, column: Int, on vector: Vector
    ) throws(StarlingError) -> Vector {
        let source = SubstituteColumn(position: column, vector: vector)
        let frame = EvaluationFrame(self, source, selection: nil, count: vector.count)
        return try frame.plainValue(index)
    }
}

/// Gives one vector as one column.
private struct SubstituteColumn: ColumnSource {
    let position: Int
    let vector: Vector

    func column(_ position: Int, selection: Selection?) throws(StarlingError) -> Vector {
        guard position == self.position else {
            throw StarlingError(.internal, "a dictionary stands for one column only")
        }
        return selection.map { vector.gathered(by: $0) } ?? vector
    }
}
