// Integers that follow from those of another column of the same rows: what lies between them, or what
// the others are multiplied by, is all that is stored.

import StarlingErrors
import StarlingKernels
import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Makes values of those of another block and of numbers of its own.
final class RelatedValues: BlockValues {
    /// Not a parameter: methods of generic classes are not specialized where a protocol calls them.
    enum Relation {
        case difference
        case product(ProductRelation)
    }

    private let relation: Relation
    private let numbers: IntegerSequence
    private let base: ColumnBlock

    init(_ block: BlockBytes, base: ColumnBlock?, isProduct: Bool) throws(StarlingError) {
        relation = isProduct ? .product(try ProductRelation(block.body)) : .difference
        numbers = try IntegerSequence(
            block.body(from: isProduct ? ProductRelation.byteCount : 0))
        try checkCount(numbers.count, of: block)
        guard let base else { throw blockDamage("it needs another one, which nothing names") }
        guard base.canBeBase, base.rowCount == block.rowCount else {
            throw blockDamage("the one that it needs has other rows")
        }
        self.base = base
    }

    /// What both bounds together allow, which is more than there is.
    var bounds: [Bounds]? {
        guard let known = base.bounds, known.count == numbers.runCount else { return nil }
        return known.indices.map { run in
            let own = numbers.runs[run]
            let numbers = Bounds(low: Int128(min(own.low, own.high)), high: Int128(own.high))
            return switch relation {
            case .difference: DifferenceRelation().bounds(known[run], numbers)
            case .product(let product): product.bounds(known[run], numbers)
            }
        }
    }

    func read(_ rows: Range<Int>, as type: PhysicalType) throws(StarlingError) -> Vector {
        let values = try base.read(rows, as: layout(for: type))
        return combine(values, SequenceReading(sequence: numbers, rows: rows), as: type)
    }

    func read(
        _ rows: Range<Int>, _ selection: Selection, as type: PhysicalType
    ) throws(StarlingError) -> Vector {
        if selection.isDense(in: rows) {
            return try read(rows, as: type).gathered(by: selection)
        }
        let values = try base.read(rows, selection, as: layout(for: type))
        let picking = SequencePicking(sequence: numbers, rows: rows, selection: selection)
        return combine(values, picking, as: type)
    }

    /// Reads numbers and makes values of them, modulo 2⁶⁴ at most.
    private func combine(
        _ values: Vector, _ reading: some IntegerTargetVisitor, as type: PhysicalType
    ) -> Vector {
        let result = Vector(uninitialized: values.physicalType, count: values.count)
        result.visitIntegers(reading)
        withExtendedLifetime(values) {
            switch relation {
            case .difference:
                result.visitIntegers(Combining(values: values, relation: DifferenceRelation()))
            case .product(let product):
                result.visitIntegers(Combining(values: values, relation: product))
            }
        }
        return result.physicalType == type ? result : result.withIntegerLayout(type)
    }

    /// The layout in which values of `type` are reckoned.
    private func layout(for type: PhysicalType) -> PhysicalType {
        switch relation {
        case .difference: DifferenceRelation.layout(for: type)
        case .product: ProductRelation.layout(for: type)
        }
    }

    private struct Combining<Relation: ColumnRelation>: IntegerTargetVisitor {
        let values: Vector
        let relation: Relation

        func visit<Target: FixedWidthInteger & BitwiseCopyable>(
            _ target: UnsafeMutablePointer<Target>
        ) {
            relation.combine(
                target, with: UnsafePointer(values.pointer(to: Target.self)), count: values.count)
        }
    }
}

extension ColumnBlock {
    /// Tells whether values may be written in relation to those of the block: they are integers of up
    /// to 64 bits, one in each row, that need no other block.
    package var canBeBase: Bool {
        switch encoding {
        case .integers, .integerDictionary, .integerRuns: nullCount == 0
        default: false
        }
    }
}
