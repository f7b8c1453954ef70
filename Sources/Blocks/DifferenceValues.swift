// Integers that lie near to those of another column of the same rows: what lies between them.

import StarlingErrors
import StarlingKernels
import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Adds differences to the values of another block.
final class DifferenceValues: BlockValues {
    private let differences: IntegerSequence
    private let base: ColumnBlock

    init(_ block: BlockBytes, base: ColumnBlock?) throws(StarlingError) {
        differences = try IntegerSequence(block.body)
        try checkCount(differences.count, of: block)
        guard let base else { throw blockDamage("it needs another one, which nothing names") }
        guard base.canBeBase, base.rowCount == block.rowCount else {
            throw blockDamage("the one that it needs has other rows")
        }
        self.base = base
    }

    /// What both bounds together allow, which is more than there is.
    var bounds: [Bounds]? {
        guard let known = base.bounds, known.count == differences.runCount else { return nil }
        return known.indices.map { run in
            let own = differences.runs[run]
            return Bounds(
                low: known[run].low + Int128(min(own.low, own.high)),
                high: known[run].high + Int128(own.high))
        }
    }

    func read(_ rows: Range<Int>, as type: PhysicalType) throws(StarlingError) -> Vector {
        let values = try base.read(rows, as: type.ofSums)
        return sum(values, SequenceReading(sequence: differences, rows: rows), as: type)
    }

    func read(
        _ rows: Range<Int>, _ selection: Selection, as type: PhysicalType
    ) throws(StarlingError) -> Vector {
        if selection.isDense(in: rows) {
            return try read(rows, as: type).gathered(by: selection)
        }
        let values = try base.read(rows, selection, as: type.ofSums)
        let picking = SequencePicking(sequence: differences, rows: rows, selection: selection)
        return sum(values, picking, as: type)
    }

    /// Reads differences and adds values to them, modulo 2⁶⁴ at most.
    private func sum(
        _ values: Vector, _ reading: some IntegerTargetVisitor, as type: PhysicalType
    ) -> Vector {
        let result = Vector(uninitialized: type.ofSums, count: values.count)
        result.visitIntegers(reading)
        withExtendedLifetime(values) { result.visitIntegers(Adding(values: values)) }
        return result.physicalType == type ? result : result.withIntegerLayout(type)
    }

    private struct Adding: IntegerTargetVisitor {
        let values: Vector

        func visit<Target: FixedWidthInteger & BitwiseCopyable>(
            _ target: UnsafeMutablePointer<Target>
        ) {
            let source = values.pointer(to: Target.self)
            for row in 0..<values.count { target[row] &+= source[row] }
        }
    }
}

extension ColumnBlock {
    /// Tells whether differences to the values of the block may be written: they are integers of up to
    /// 64 bits, one in each row, that need no other block.
    package var canBeBase: Bool {
        switch encoding {
        case .integers, .integerDictionary, .integerRuns: nullCount == 0
        default: false
        }
    }
}

extension PhysicalType {
    /// Sums wrap around in the layout itself, or in 64 bits, of which wider ones are made.
    fileprivate var ofSums: PhysicalType { self == .int128 ? .int64 : self }
}
