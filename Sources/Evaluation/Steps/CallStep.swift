// Calls of scalar functions.

import StarlingErrors
import StarlingFunctions
import StarlingKernels
import StarlingPlans
import StarlingTypes
import StarlingVectors

/// Calls a scalar function with the layouts it wants, and sees to NULL arguments.
struct CallStep: EvaluationStep {
    let function: ScalarFunction
    let signature: FunctionSignature
    let arguments: [Int]
    /// The layout each argument is brought to.
    let argumentLayouts: [PhysicalType]
    let physicalType: PhysicalType

    func evaluate(_ frame: EvaluationFrame) throws(StarlingError) -> Vector {
        var vectors: [Vector] = []
        vectors.reserveCapacity(arguments.count)
        for (position, argument) in arguments.enumerated() {
            let vector = try frame.plainValue(argument)
            if function.nullHandling == .propagates, vector.isConstantNull {
                return .allNull(as: signature.resultType, physicalType, count: frame.count)
            }
            vectors.append(vector.withNumberLayout(argumentLayouts[position]))
        }
        let invocation = FunctionInvocation(
            arguments: vectors, signature: signature, resultPhysicalType: physicalType,
            count: frame.count, session: frame.worker.program.session)
        var result: Vector
        do throws(StarlingError) { result = try run(invocation) } catch {
            throw error.locatedIfData(at: signature.place)
        }
        if function.nullHandling == .propagates { addNulls(of: vectors, to: &result) }
        return result
    }

    /// Texts of more bytes are worked on in pieces, between which the query can be stopped.
    private static let pieceByteCount = 1 << 25
    private static let pieceRowCount = 64

    private func run(_ invocation: FunctionInvocation) throws(StarlingError) -> Vector {
        let arguments = invocation.arguments
        let byteCount = arguments.reduce(0) { $0 + ($1.isConstant ? 0 : $1.textByteCount) }
        guard byteCount > Self.pieceByteCount, invocation.count > Self.pieceRowCount else {
            return try function.evaluate(invocation)
        }
        var collector = ColumnCollector(physicalType)
        for start in stride(from: 0, to: invocation.count, by: Self.pieceRowCount) {
            try invocation.session.cancellation?.check()
            var piece = invocation
            piece.count = min(Self.pieceRowCount, invocation.count - start)
            piece.arguments = arguments.map { $0.slice(from: start, count: piece.count) }
            collector.append(try function.evaluate(piece))
        }
        return collector.finish()
    }

    private func addNulls(of arguments: [Vector], to result: inout Vector) {
        // A constant argument that is NULL was dealt with before.
        guard arguments.contains(where: { !$0.isConstant && $0.validity != nil }) else { return }
        if result.isConstantNull { return }
        if result.isConstant { result = result.flattened() }
        for argument in arguments where !argument.isConstant {
            result.validity = Validity.intersection(
                result.validity, argument.validity, count: result.count)
        }
        result.clearStringsUnderNulls()
    }
}

extension Vector {
    /// Brings integers to another layout and leaves everything else.
    func withNumberLayout(_ type: PhysicalType) -> Vector {
        physicalType == type || !physicalType.isInteger || !type.isInteger
            ? self : withIntegerLayout(type)
    }
}

extension ExpressionCompiler {
    mutating func compileCall(
        _ function: ScalarFunction, _ signature: FunctionSignature, _ arguments: [BoundExpression]
    ) throws(StarlingError) -> Int {
        if let lazy = lazyForm(function, signature, arguments) { return try compile(lazy) }
        var children: [Int] = []
        for argument in arguments { children.append(try compile(argument)) }
        let type = signature.resultType
        var bounds = type.bounds
        if type.bounds != nil, let compute = function.resultBounds {
            bounds = compute(signature, children.map { nodeFacts($0).bounds }) ?? type.bounds
        }
        let physicalType = Self.physicalType(for: type, bounds)
        var layouts: [PhysicalType] = []
        for (position, child) in children.enumerated() {
            let own = nodeFacts(child).physicalType
            let isNarrow = function.takesNarrowIntegers && own.isInteger
            let wanted =
                position < signature.argumentTypes.count
                ? signature.argumentTypes[position].widestPhysicalType : own
            layouts.append(isNarrow ? own : wanted)
        }
        let isArithmetic = ["add", "subtract", "multiply"].contains(function.name)
        let isProven = physicalType != type.widestPhysicalType || physicalType.isFloating
        let facts = NodeFacts(
            type: type, physicalType: physicalType, bounds: bounds,
            isNullable: isNullable(function, children, isArithmetic: isArithmetic && isProven),
            isDeterministic: function.isDeterministic, canFail: !(isArithmetic && isProven),
            cost: isArithmetic ? 1 : 20)
        return add(
            CallStep(
                function: function, signature: signature, arguments: children,
                argumentLayouts: layouts, physicalType: physicalType),
            facts, children: children)
    }

    /// Only arithmetic that cannot overflow is known to make no NULLs of its own.
    private func isNullable(
        _ function: ScalarFunction, _ children: [Int], isArithmetic: Bool
    ) -> Bool {
        !isArithmetic || children.contains { nodeFacts($0).isNullable }
    }

    /// Writes functions that choose among their arguments as CASE, which computes only what a row
    /// needs.
    private func lazyForm(
        _ function: ScalarFunction, _ signature: FunctionSignature, _ arguments: [BoundExpression]
    ) -> BoundExpression? {
        let type = signature.resultType
        guard arguments.allSatisfy(\.isDeterministic) else { return nil }
        switch function.name {
        case "if" where arguments.count == 3 && arguments[0].type == .boolean:
            let branch = ConditionalBranch(condition: arguments[0], result: arguments[1])
            return .conditional([branch], otherwise: arguments[2], type)
        case "coalesce" where !arguments.isEmpty, "ifnull" where arguments.count == 2:
            if arguments.count == 1 { return arguments[0] }
            let branches = arguments.dropLast().map {
                ConditionalBranch(condition: .not(.isNull($0)), result: $0)
            }
            return .conditional(branches, otherwise: arguments[arguments.count - 1], type)
        default: return nil
        }
    }
}
