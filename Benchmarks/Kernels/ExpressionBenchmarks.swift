// Arithmetic and casts, as programs of one step: with bounds that prove that nothing overflows, and
// without, where every result is checked.

import StarlingErrors
import StarlingEvaluation
import StarlingFunctions
import StarlingPlans
import StarlingTypes
import StarlingVectors

enum ExpressionBenchmarks {
    static func rows() throws(StarlingError) -> [KernelBenchmark] {
        var samples = SampleVectors()
        let small = Bounds(low: 0, high: 1_000)
        let decimal = LogicalType.decimal(precision: 15, scale: 2)
        let narrow = Operand(.int, samples.integers(.int16, below: 1_000), small)
        let medium = Operand(.int, samples.integers(.int32, below: 1_000), nil)
        let wide = Operand(.bigint, samples.integers(.int64, below: 1_000), nil)
        let price = Operand(decimal, samples.integers(.int32, below: 1_000), small)
        let real = Operand(.double, samples.doubles(), nil)
        var rows: [KernelBenchmark] = []
        for (name, operand) in [
            ("int16 within bounds", narrow), ("int32", medium), ("int64", wide),
            ("decimal within bounds", price), ("double", real),
        ] {
            for function in ["add", "multiply", "divide"] {
                rows.append(try call(function, operand, "\(function) \(name)"))
            }
        }
        let digits = Operand(.string, samples.digits(length: 6), nil)
        for (name, operand, type) in [
            ("int to bigint", medium, LogicalType.bigint), ("bigint to int", wide, .int),
            ("int to double", medium, .double), ("double to bigint", real, .bigint),
            ("int to decimal", medium, decimal), ("decimal to double", price, .double),
            ("string to int", digits, .int), ("int to string", medium, .string),
        ] {
            let cast = BoundExpression.cast(.column(operand.column.column), to: type)
            rows.append(try row("cast \(name)", cast, operand))
        }
        return rows
    }

    /// Is a column with its values.
    private struct Operand {
        let column: PhysicalColumn
        let vector: Vector

        init(_ type: LogicalType, _ vector: Vector, _ bounds: Bounds?) {
            column = PhysicalColumn(
                column: PlanColumn(id: ColumnID(1), name: "x", type: type, isNullable: false),
                physicalType: vector.physicalType, bounds: bounds ?? type.bounds)
            self.vector = vector
        }
    }

    /// Calls an operator with the operand on both sides.
    private static func call(
        _ name: String, _ operand: Operand, _ title: String
    ) throws(StarlingError) -> KernelBenchmark {
        guard let function = FunctionRegistry.builtin.scalar(name) else {
            throw StarlingError(.internal, "there is no function \(name)")
        }
        let column = BoundExpression.column(operand.column.column)
        let signature = try function.resolve(
            ArgumentList(types: [column.type, column.type], constants: [nil, nil]))
        let arguments = signature.argumentTypes.map { type in
            type == column.type ? column : .cast(column, to: type)
        }
        return try row(title, .call(function, signature, arguments), operand)
    }

    private static func row(
        _ title: String, _ expression: BoundExpression, _ operand: Operand
    ) throws(StarlingError) -> KernelBenchmark {
        let compiled = try CompiledExpressions(
            [expression], layout: ColumnLayout([operand.column]),
            session: SessionValues(statementTime: 0))
        let evaluator = compiled.makeEvaluator()
        let chunk = Chunk(columns: [operand.vector], count: chunkCapacity)
        return KernelBenchmark(title, valuesPerRun: chunkCapacity) {
            _ = try evaluator.evaluate(chunk)
        }
    }
}
