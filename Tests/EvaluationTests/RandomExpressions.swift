// Random bound expressions over a few columns, together with the columns' random rows.

import StarlingFunctions
import StarlingPlans
import StarlingTestSupport
import StarlingTypes
import StarlingVectors

/// Holds columns that expressions are made over.
struct SampleTable {
    let columns: [PlanColumn]
    let layout: ColumnLayout
    /// A list of values a column.
    let values: [[Value]]
    let chunk: Chunk

    init(count: Int, using generator: inout SeededGenerator) {
        let allocator = ColumnAllocator()
        let types: [(LogicalType, Bounds?)] = [
            (.int, Bounds(low: -5, high: 100)), (.bigint, Bounds(low: 0, high: 60_000)),
            (.decimal(precision: 15, scale: 2), Bounds(low: 0, high: 5_000)),
            (.decimal(precision: 15, scale: 2), Bounds(low: 0, high: 10)),
            (.double, nil), (.string, nil), (.boolean, Bounds(low: 0, high: 1)),
        ]
        var columns: [PhysicalColumn] = []
        var values: [[Value]] = []
        var vectors: [Vector] = []
        for (position, (type, bounds)) in types.enumerated() {
            let column = allocator.makeColumn("c\(position)", type)
            let physicalType =
                bounds.map { PhysicalType.narrowest(for: $0) }
                ?? type.widestPhysicalType
            columns.append(
                PhysicalColumn(column: column, physicalType: physicalType, bounds: bounds))
            let nullRate = [0, 0.2].randomElement(using: &generator)!
            let encoding = SampleEncoding.allCases.randomElement(using: &generator)!
            var rows = (0..<count).map { _ -> Value in
                if generator.chance(nullRate) { return .null }
                guard let bounds else { return .random(physicalType, using: &generator) }
                let range = Int(bounds.low)...Int(bounds.high)
                return .integer(Int128(Int.random(in: range, using: &generator)))
            }
            if encoding == .constant { rows = Array(repeating: rows[0], count: count) }
            values.append(rows)
            vectors.append(Vector(physicalType, values: rows, as: encoding))
        }
        self.columns = columns.map(\.column)
        self.values = values
        layout = ColumnLayout(columns)
        chunk = Chunk(columns: vectors, count: count)
    }

    func row(_ index: Int) -> [ColumnID: Value] {
        var row: [ColumnID: Value] = [:]
        for (column, values) in zip(columns, values) { row[column.id] = values[index] }
        return row
    }
}

/// Makes expressions of the types that a sample table has.
struct ExpressionMaker {
    let table: SampleTable
    var generator: SeededGenerator

    private func column(_ position: Int) -> BoundExpression { .column(table.columns[position]) }

    private mutating func pick(_ count: Int) -> Int { Int.random(in: 0..<count, using: &generator) }

    /// Makes a number: an integer or a decimal of any scale.
    mutating func number(depth: Int) throws -> BoundExpression {
        if depth == 0 || generator.chance(0.2) {
            switch pick(5) {
            case 0: return .literal(.integer(Int128(pick(20) - 5)), .int)
            case 1: return .literal(.null, .int)
            default: return column(pick(4))
            }
        }
        switch pick(8) {
        case 0, 1, 2, 3: return try arithmetic(depth: depth)
        case 4:
            return .cast(try number(depth: depth - 1), to: .decimal(precision: 18, scale: pick(4)))
        case 5: return .cast(try number(depth: depth - 1), to: [.bigint, .tinyint][pick(2)])
        default:
            let type = LogicalType.decimal(precision: 18, scale: 2)
            let branches = try (0...pick(2)).map { _ in
                ConditionalBranch(
                    condition: try truth(depth: depth - 1),
                    result: .cast(try number(depth: depth - 1), to: type))
            }
            return .conditional(
                branches, otherwise: .cast(try number(depth: depth - 1), to: type), type)
        }
    }

    private mutating func arithmetic(depth: Int) throws -> BoundExpression {
        let name = ["add", "subtract", "multiply", "divide"][pick(4)]
        let function = FunctionRegistry.builtin.scalar(name)!
        let operands = [try number(depth: depth - 1), try number(depth: depth - 1)]
        let list = ArgumentList(types: operands.map(\.type), constants: [nil, nil])
        let signature = try function.resolve(list)
        let arguments = zip(operands, signature.argumentTypes).map { operand, type in
            operand.type == type ? operand : BoundExpression.cast(operand, to: type)
        }
        let result = BoundExpression.call(function, signature, arguments)
        return signature.resultType.isFloating
            ? .cast(column(0), to: .bigint) : result
    }

    mutating func truth(depth: Int) throws -> BoundExpression {
        if depth == 0 { return column(6) }
        switch pick(9) {
        case 0: return .and([try truth(depth: depth - 1), try truth(depth: depth - 1)])
        case 1: return .or([try truth(depth: depth - 1), try truth(depth: depth - 1)])
        case 2: return .not(try truth(depth: depth - 1))
        case 3: return .isNull(try number(depth: depth - 1))
        case 4:
            let pattern = ["abc%", "%c%", "%yy", "a_", "%", "abc"][pick(6)]
            return .like(column(5), pattern: .literal(.text(pattern), .string), escape: nil)
        case 5:
            let values = [Value.text("abc"), .text("abcdefghijklm"), .text("zeta")]
            return .inList(column(5), values)
        case 6: return .inList(column(0), (0...pick(8)).map { .integer(Int128($0 * 3)) })
        case 7:
            let comparison = ComparisonOperator.allCases[pick(7)]
            return .comparison(comparison, column(5), .literal(.text("abcd"), .string))
        default:
            let comparison = ComparisonOperator.allCases[pick(7)]
            let type = LogicalType.decimal(precision: 38, scale: 4)
            if generator.chance(0.5) {
                return .comparison(
                    comparison, column(0), .literal(.integer(Int128(pick(110) - 10)), .int))
            }
            return .comparison(
                comparison, .cast(try number(depth: depth - 1), to: type),
                .cast(try number(depth: depth - 1), to: type))
        }
    }
}
