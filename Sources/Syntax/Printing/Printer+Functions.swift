// Calls, windows, orders and types.

extension Printer {
    mutating func write(_ call: FunctionCall) {
        write(call.name)
        write("(")
        if call.isDistinct { write("DISTINCT ") }
        if !call.hints.isEmpty {
            writeBrackets(call.hints)
            write(" ")
        }
        if call.isStar { write("*") }
        write(Array(call.arguments.enumerated())) { printer, argument in
            // A list behind DISTINCT would be read as a hint.
            if argument.offset == 0, call.isDistinct, call.hints.isEmpty {
                printer.write(argument.element, separatedFrom: ["["])
            } else {
                printer.write(argument.element)
            }
        }
        let isWithin = call.arguments.isEmpty && !call.orderBy.isEmpty
        if !isWithin { writeOrder(call.orderBy) }
        write(" SEPARATOR ", call.separator)
        write(")")
        if isWithin {
            write(" WITHIN GROUP (ORDER BY ")
            write(call.orderBy) { $0.write($1) }
            write(")")
        }
        if let filter = call.filter {
            write(" FILTER (WHERE ", filter)
            write(")")
        }
        if let treatment = call.nullTreatment { write(" \(treatment.rawValue)") }
        switch call.window {
        case .named(let name): write(" OVER ", name)
        case .inline(let window):
            write(" OVER ")
            write(window)
        case nil: break
        }
    }

    mutating func write(_ argument: FunctionArgument) {
        if let name = argument.name {
            write(name)
            write(" => ")
        }
        write(argument.value)
    }

    /// Writes an argument of a procedure: behind its parenthesis `a = 1` would name a parameter.
    mutating func writeOfProcedure(_ argument: FunctionArgument) {
        switch argument.value.kind {
        case _ where argument.name != nil: write(argument)
        case .literal, .column, .call: write(argument)
        default:
            write("(")
            write(argument.value)
            write(")")
        }
    }

    /// Writes an argument in parentheses where it begins with one of some characters.
    mutating func write(_ argument: FunctionArgument, separatedFrom starts: Set<Character>) {
        guard argument.name == nil, let first = argument.value.sql(options: options).first,
            starts.contains(first)
        else { return write(argument) }
        write("(")
        write(argument.value)
        write(")")
    }

    mutating func writeBrackets(_ hints: [Identifier]) {
        write("[")
        write(hints) { $0.write($1) }
        write("]")
    }

    mutating func write(_ window: WindowSpecification) {
        var parts: [String] = []
        func part(_ body: (inout Printer) -> Void) {
            var inner = Printer(options: options)
            body(&inner)
            parts.append(inner.text)
        }
        if let base = window.base { part { $0.write(base) } }
        if !window.hints.isEmpty { part { $0.writeBrackets(window.hints) } }
        if !window.partitionBy.isEmpty {
            part { printer in
                printer.write("PARTITION BY ")
                printer.write(window.partitionBy) { $0.write($1) }
            }
        }
        if !window.orderBy.isEmpty {
            part { printer in
                printer.write("ORDER BY ")
                printer.write(window.orderBy) { $0.write($1) }
            }
        }
        if let frame = window.frame { part { $0.write(frame) } }
        write("(\(parts.joined(separator: " ")))")
    }

    private mutating func write(_ frame: WindowFrame) {
        write("\(frame.unit.rawValue) ")
        if let end = frame.end {
            write("BETWEEN ")
            write(frame.start)
            write(" AND ")
            write(end)
        } else {
            write(frame.start)
        }
        if let exclusion = frame.exclusion { write(" EXCLUDE \(exclusion.rawValue)") }
    }

    private mutating func write(_ bound: WindowFrame.Bound) {
        switch bound {
        case .unboundedPreceding: write("UNBOUNDED PRECEDING")
        case .preceding(let distance):
            write(distance, .shift)
            write(" PRECEDING")
        case .currentRow: write("CURRENT ROW")
        case .following(let distance):
            write(distance, .shift)
            write(" FOLLOWING")
        case .unboundedFollowing: write("UNBOUNDED FOLLOWING")
        }
    }

    /// Writes ` ORDER BY ..` if there are keys.
    mutating func writeOrder(_ items: [SortItem]) {
        guard !items.isEmpty else { return }
        write(" ORDER BY ")
        write(items) { $0.write($1) }
    }

    mutating func write(_ item: SortItem) {
        write(item.expression)
        writeDirection(item.isDescending, item.areNullsFirst)
    }

    mutating func writeDirection(_ isDescending: Bool, _ areNullsFirst: Bool?) {
        if isDescending { write(" DESC") }
        if let areNullsFirst { write(areNullsFirst ? " NULLS FIRST" : " NULLS LAST") }
    }

    mutating func write(_ type: TypeName) {
        write(type.name)
        if !type.parameters.isEmpty {
            writeList(type.parameters) { $0.write(String($1)) }
        }
        if !type.elements.isEmpty, !["ARRAY", "MAP"].contains(type.name) {
            writeList(type.elements) { $0.write($1) }
        } else if !type.elements.isEmpty {
            write("<")
            write(type.elements) { $0.write($1) }
            write(">")
        }
        if type.isUnsigned { write(" UNSIGNED") }
        if !type.fields.isEmpty {
            write("<")
            write(type.fields) { printer, field in
                printer.write(field.name)
                printer.write(" ")
                printer.write(field.type)
                printer.writeComment(field.comment)
            }
            write(">")
        }
    }
}
