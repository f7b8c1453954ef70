// PREPARE, EXECUTE and DEALLOCATE. A prepared statement is kept as its tree and bound anew whenever
// it runs, so that it sees the tables of that moment and the bounds of its values.

import StarlingBinder
import StarlingErrors
import StarlingPlans
import StarlingSyntax
import StarlingTypes

extension StatementRunner {
    func prepare(_ name: Identifier, _ statement: Statement) throws(StarlingError) -> Result {
        switch statement.kind {
        case .prepare, .execute, .deallocate:
            throw StarlingError(
                .binding, "\(statement.sqlTitle) cannot be prepared", at: name.range)
        default: break
        }
        do { _ = try inferred(statement) } catch {
            throw isOwnText(statement, name) ? error : unplaced(error, name)
        }
        session.preparedStatements[name.text.lowercased()] = statement
        return .none
    }

    func execute(_ name: Identifier, _ values: [Expression]) throws(StarlingError) -> Result {
        guard let statement = session.preparedStatements[name.text.lowercased()] else {
            throw unknownPrepared(name)
        }
        guard values.count == statement.parameterCount else {
            throw StarlingError(
                .binding,
                "'\(name.text)' has \(statement.parameterCount) parameters, "
                    + "\(values.count) values are given", at: name.range)
        }
        var given: [(value: Value, type: LogicalType)] = []
        for value in values { given.append(try evaluate(source: value)) }
        parameters = given
        do { return try runKind(of: statement) } catch { throw unplaced(error, name) }
    }

    func deallocate(_ name: Identifier) throws(StarlingError) -> Result {
        guard session.preparedStatements.removeValue(forKey: name.text.lowercased()) != nil else {
            throw unknownPrepared(name)
        }
        return .none
    }

    private func unknownPrepared(_ name: Identifier) -> StarlingError {
        let near = nearestName(to: name.text, among: session.preparedStatements.keys.sorted())
        return StarlingError(
            .binding,
            "there is no prepared statement '\(name.text)'"
                + (near.map { "; did you mean '\($0)'?" } ?? ""), at: name.range)
    }

    /// A statement that stands behind PREPARE as it is has its places in the same text.
    private func isOwnText(_ statement: Statement, _ name: Identifier) -> Bool {
        statement.range.start > name.range.end
    }

    /// A place in a prepared text is none in the text that names it.
    private func unplaced(_ error: StarlingError, _ name: Identifier) -> StarlingError {
        StarlingError(
            error.kind, "in the prepared statement '\(name.text)': \(error.message)",
            at: name.range)
    }

    // MARK: Types of parameters

    func infer(_ type: LogicalType, _ number: Int) {
        guard inferredTypes?[number] == nil, type != .null else { return }
        inferredTypes?[number] = type
    }

    /// Binds a statement without values: what is wrong beside them shows now, and what stands
    /// around the parameters says which types they have.
    func inferred(
        _ statement: Statement
    ) throws(StarlingError) -> (types: [LogicalType?], columns: [PlanColumn]) {
        inferredTypes = [:]
        defer { inferredTypes = nil }
        let kept = session.warnings
        defer { session.warnings = kept }
        var columns: [PlanColumn] = []
        do throws(StarlingError) {
            switch statement.kind {
            case .query(let query, _):
                let bound = try bind(query)
                bound.plan.visitPlaceholders { infer($1, $0) }
                columns = bound.columns
            case .insert(let insert): try inferTypes(of: insert)
            default: break
            }
        } catch {
            // What needs the value itself, such as a unit, is checked when it is there.
            guard statement.parameterCount > 0 else { throw error }
        }
        let types = (0..<statement.parameterCount).map { inferredTypes?[$0 + 1] }
        return (types, columns)
    }

    /// A parameter that is a whole value of a row has the type of its column.
    private func inferTypes(of insert: Insert) throws(StarlingError) {
        guard case .table(let name) = insert.target else { return }
        let table = try nativeTable(name)
        let positions = try targetPositions(insert.columns, table, name)
        if case .values(let rows) = insert.query.body {
            for row in rows {
                for (position, value) in zip(positions, row) {
                    guard case .parameter(let parameter) = value.kind,
                        case .column(let column)? = expression(of: parameter),
                        let number = column.placeholderNumber
                    else { continue }
                    infer(table.columns[position].type, number)
                }
            }
        }
        let defaults = try self.defaults(of: name, table)
        let bound = try bind(source: fillingDefaults(insert.query, positions, defaults))
        bound.plan.visitPlaceholders { infer($1, $0) }
    }
}

extension Statement {
    /// The first word, for messages.
    fileprivate var sqlTitle: String {
        switch kind {
        case .prepare: "PREPARE"
        case .execute: "EXECUTE"
        default: "DEALLOCATE"
        }
    }
}
