// Turns bound expressions into nodes. Bottom-up, each node learns its bounds from those of its
// inputs and from them its physical type: the narrowest that holds every possible value. This is
// where most overflow checks disappear and most columns become narrow.

import StarlingErrors
import StarlingFunctions
import StarlingKernels
import StarlingPlans
import StarlingTypes
import StarlingVectors

/// Compiles expressions over one layout into one program.
struct ExpressionCompiler {
    let layout: ColumnLayout
    let session: SessionValues
    private(set) var nodes: [ProgramNode] = []
    private var known: [BoundExpression: Int] = [:]
    /// The nodes of values that have a name.
    private(set) var named: [ColumnID: (value: BoundExpression, index: Int)] = [:]

    init(layout: ColumnLayout, session: SessionValues) {
        self.layout = layout
        self.session = session
    }

    func nodeFacts(_ index: Int) -> NodeFacts { nodes[index].facts }

    func finish(roots: [Int]) -> EvaluationProgram {
        var nodes = nodes
        for root in roots { nodes[root].useCount += 1 }
        for index in nodes.indices where nodes[index].facts.columns.count == 1 {
            let facts = nodes[index].facts
            let isWorthIt = !(nodes[index].step is ColumnStep) && facts.isDeterministic
            let isPlain = facts.physicalType != .list && facts.physicalType != .structure
            if isWorthIt, isPlain { nodes[index].dictionaryColumn = facts.columns.first }
        }
        return EvaluationProgram(nodes: nodes, session: session)
    }

    /// Adds a node whose inputs are `children`.
    mutating func add(
        _ step: some EvaluationStep, _ facts: NodeFacts, children: [Int]
    ) -> Int {
        var facts = facts
        for child in children {
            nodes[child].useCount += 1
            facts.columns.formUnion(nodes[child].facts.columns)
            facts.isDeterministic = facts.isDeterministic && nodes[child].facts.isDeterministic
            facts.canFail = facts.canFail || nodes[child].facts.canFail
            facts.cost += nodes[child].facts.cost
        }
        nodes.append(ProgramNode(facts: facts, step: step))
        return nodes.count - 1
    }

    mutating func compile(_ expression: BoundExpression) throws(StarlingError) -> Int {
        if let index = known[expression] { return index }
        let index = try compileNew(expression)
        if expression.isDeterministic { known[expression] = index }
        return index
    }

    /// Lets a column stand for a node.
    mutating func name(_ index: Int, _ column: PlanColumn, _ value: BoundExpression) {
        named[column.id] = (value, index)
        known[.column(column)] = index
    }

    private mutating func compileNew(_ expression: BoundExpression) throws(StarlingError) -> Int {
        switch expression {
        case .column(let column): return try compileColumn(column)
        case .literal(let value, let type): return try compileLiteral(value, type)
        case .call(let function, let signature, let arguments):
            return try compileCall(function, signature, arguments)
        case .cast(let operand, let type): return try compileCast(operand, type)
        case .comparison(let comparison, let left, let right):
            return try compileComparison(comparison, left, right)
        case .and(let parts): return try compileConnective(.and, parts)
        case .or(let parts): return try compileConnective(.or, parts)
        case .not(let operand):
            let child = try compile(operand)
            let facts = truthFacts(isNullable: nodeFacts(child).isNullable, cost: 0.3)
            return add(NotStep(operand: child), facts, children: [child])
        case .isNull(let operand):
            let child = try compile(operand)
            let facts = truthFacts(isNullable: false, cost: 0.3)
            return add(NullTestStep(operand: child), facts, children: [child])
        case .conditional(let branches, let otherwise, let type):
            return try compileConditional(branches, otherwise, type)
        case .inList(let operand, let values): return try compileSet(operand, values)
        case .like(let operand, let pattern, let escape):
            return try compileLike(operand, pattern, escape)
        case .lambda(let call): return try compileLambda(call)
        case .naming(let naming): return try compileNaming(naming)
        case .subquery:
            throw StarlingError(.internal, "a subquery is left in an expression")
        }
    }

    func truthFacts(isNullable: Bool, cost: Double) -> NodeFacts {
        NodeFacts(
            type: .boolean, physicalType: .int8, bounds: Bounds(low: 0, high: 1),
            isNullable: isNullable, cost: cost)
    }

    /// Chooses the layout for a type within bounds. Where nothing is known beyond the type, it is
    /// the type's own layout: a narrower one tells functions that overflow is impossible.
    static func physicalType(for type: LogicalType, _ bounds: Bounds?) -> PhysicalType {
        guard let bounds, type.bounds != nil, bounds != type.bounds else {
            return type.widestPhysicalType
        }
        return .narrowest(for: bounds)
    }

    private mutating func compileColumn(_ column: PlanColumn) throws(StarlingError) -> Int {
        guard let position = layout.position(of: column.id) else {
            throw StarlingError(.internal, "column \(column.name) is not among the inputs")
        }
        let input = layout[position]
        let facts = NodeFacts(
            type: column.type, physicalType: input.physicalType,
            bounds: input.bounds
                ?? column.type.bounds.flatMap {
                    input.physicalType.integerBounds?.intersection($0)
                },
            isNullable: input.column.isNullable, columns: [position])
        let index = add(ColumnStep(position: position), facts, children: [])
        guard column.type.isNested, input.physicalType == .string else { return index }
        var unpackedFacts = facts
        unpackedFacts.physicalType = column.type.widestPhysicalType
        unpackedFacts.cost = 50
        return add(
            UnpackStep(operand: index, type: column.type), unpackedFacts, children: [index])
    }

    /// Compiles what a program gives: a packed column that is passed on stays packed.
    mutating func compileRoot(_ expression: BoundExpression) throws(StarlingError) -> Int {
        let index = try compile(expression)
        guard case .column = expression, let unpack = nodes[index].step as? UnpackStep else {
            return index
        }
        return unpack.operand
    }

    private mutating func compileLiteral(
        _ value: Value, _ type: LogicalType
    ) throws(StarlingError) -> Int {
        var bounds: Bounds?
        var value = value
        var physicalType = type.widestPhysicalType
        if let number = value.integer, physicalType.isFloating {
            value = .floating(Double(number))
        } else if let number = value.integer {
            bounds = Bounds(number)
            physicalType = .narrowest(for: Bounds(number))
        } else if value.isNull, physicalType.isInteger {
            // NULL adds no value to any range; zero keeps it in the narrowest layout.
            bounds = Bounds(0)
            physicalType = .int8
        }
        let constant =
            type.isNested
            ? Vector(constant: value, as: type, count: 1)
            : value.isNull
                ? Vector.allNull(physicalType, count: 1)
                : Vector(constant: value, physicalType, count: 1)
        let facts = NodeFacts(
            type: type, physicalType: physicalType, bounds: bounds, isNullable: value.isNull)
        return add(LiteralStep(constant: constant), facts, children: [])
    }
}
