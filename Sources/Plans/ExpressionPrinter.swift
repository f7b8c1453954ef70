// Bound expressions as text, close to the SQL they came from.

import StarlingFunctions
import StarlingTypes

/// Prints bound expressions.
package struct ExpressionPrinter {
    /// Appends the number of a column's identity, which tells columns of one name apart.
    package var showsIdentities: Bool
    /// What columns are called whose own name says too little.
    package var names: [ColumnID: String] = [:]
    /// Leaves nothing out, so that what is printed can be read again.
    package var isExact = false

    package init(showsIdentities: Bool) { self.showsIdentities = showsIdentities }

    package func text(of expression: BoundExpression) -> String {
        switch expression {
        case .column(let column):
            if showsIdentities { return "\(column.name)#\(column.id.number)" }
            return names[column.id] ?? column.name
        case .literal(let value, let type): return literal(value, type)
        case .call(let function, _, let arguments):
            if let symbol = Self.symbols[function.name], arguments.count == 2 {
                return "\(operand(arguments[0])) \(symbol) \(operand(arguments[1]))"
            }
            return "\(function.name)(\(arguments.map(text).joined(separator: ", ")))"
        case .cast(let operand, let type): return "CAST(\(text(of: operand)) AS \(type))"
        case .comparison(let comparison, let left, let right):
            return "\(operand(left)) \(comparison.symbol) \(operand(right))"
        case .and(let parts): return parts.map(operand).joined(separator: " AND ")
        case .or(let parts): return parts.map(operand).joined(separator: " OR ")
        case .not(let inner): return "NOT \(operand(inner))"
        case .isNull(let inner): return "\(operand(inner)) IS NULL"
        case .conditional(let branches, let otherwise, _):
            let cases = branches.map {
                "WHEN \(text(of: $0.condition)) THEN \(text(of: $0.result))"
            }
            return "CASE \(cases.joined(separator: " ")) ELSE \(text(of: otherwise)) END"
        case .inList(let inner, let values):
            let shownCount = isExact ? values.count : min(values.count, 8)
            let shown = values.prefix(shownCount).map { literal($0, inner.type) }
            let more = values.count > shownCount ? ", … \(values.count - shownCount) more" : ""
            return "\(operand(inner)) IN (\(shown.joined(separator: ", "))\(more))"
        case .like(let inner, let pattern, let escape):
            let text = "\(operand(inner)) LIKE \(operand(pattern))"
            return escape == UInt8(ascii: "\\") ? text : "\(text) ESCAPE \(quoted(escape))"
        case .lambda(let call):
            let names = call.parameters.map(\.name).joined(separator: ", ")
            let bodies = call.bodies.map(text).joined(separator: ", ")
            let lists = call.lists.map(text).joined(separator: ", ")
            return "\(call.kind.rawValue)((\(names)) -> \(bodies), \(lists))"
        case .naming(let naming):
            var inner = self
            if isExact { inner.names[naming.column.id] = operand(naming.value) }
            let body = inner.text(of: naming.body)
            return isExact
                ? body
                : "LET \(text(of: .column(naming.column))) = \(text(of: naming.value)) IN \(body)"
        case .subquery: return "(subquery)"
        }
    }

    private static let symbols = [
        "add": "+", "subtract": "-", "multiply": "*", "divide": "/", "mod": "%",
        "int_divide": "DIV",
    ]

    /// Puts what has operators of its own into parentheses.
    private func operand(_ expression: BoundExpression) -> String {
        let text = text(of: expression)
        switch expression {
        case .column, .literal, .cast, .conditional, .lambda: return text
        case .call(let function, _, _):
            return Self.symbols[function.name] == nil ? text : "(\(text))"
        default: return "(\(text))"
        }
    }

    private func quoted(_ escape: UInt8?) -> String {
        literal(.text(escape.map { String(UnicodeScalar($0)) } ?? ""), .string)
    }

    private func literal(_ value: Value, _ type: LogicalType) -> String {
        guard let text = value.text(as: type) else { return "NULL" }
        if type.isNumeric { return text }
        guard isExact else { return "'\(text)'" }
        return "'" + text.replacing("\\", with: "\\\\").replacing("'", with: "''") + "'"
    }
}
