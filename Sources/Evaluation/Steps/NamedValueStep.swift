// Values that have a name: computed for all rows of a frame before what reads them, some of which may
// do so for some of the rows only.

import StarlingErrors
import StarlingPlans
import StarlingVectors

/// Computes a value and then what reads it.
struct NamedValueStep: EvaluationStep {
    let value: Int
    let body: Int

    func evaluate(_ frame: EvaluationFrame) throws(StarlingError) -> Vector {
        _ = try frame.value(value)
        return try frame.value(body)
    }
}

extension ExpressionCompiler {
    mutating func compileNaming(_ naming: NamedValue) throws(StarlingError) -> Int {
        let (value, body) = try compileValue(of: naming)
        let index = try compile(body)
        var facts = nodeFacts(index)
        facts.cost = 0
        return add(NamedValueStep(value: value, body: index), facts, children: [value, index])
    }

    /// Compiles the value and tells what reads it. Rules copy expressions: a copy of the same value
    /// is that value, and one whose columns were replaced gets a name of its own.
    private mutating func compileValue(
        of naming: NamedValue
    ) throws(StarlingError) -> (value: Int, body: BoundExpression) {
        guard let known = named[naming.column.id] else {
            let index = try compile(naming.value)
            name(index, naming.column, naming.value)
            return (index, naming.body)
        }
        if known.value == naming.value { return (known.index, naming.body) }
        var column = naming.column
        column.id = ColumnID(Int.max - named.count)
        let index = try compile(naming.value)
        name(index, column, naming.value)
        return (index, naming.body.substituting([naming.column.id: .column(column)]))
    }
}
