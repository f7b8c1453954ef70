// Table functions that make their rows.

import StarlingErrors
import StarlingGenerators
import StarlingTables
import StarlingTypes

extension StatementRunner {
    /// `tpch('lineitem', 1)`: a table of TPC-H at a scale, generated as it is read.
    func makeTPCHTable(
        _ arguments: [(name: String?, value: Value)]
    ) throws(StarlingError) -> any Table {
        guard let name = arguments.first?.value.text, arguments.count <= 2 else {
            throw StarlingError(
                .binding, "tpch takes a table's name and a scale: tpch('orders', 1)")
        }
        let table = try TPCHTable(named: name)
        var scale = 1.0
        if arguments.count == 2 {
            switch arguments[1].value {
            case .integer(let number): scale = Double(number)
            case .floating(let number): scale = number
            default: throw StarlingError(.binding, "the scale of tpch is a number")
            }
        }
        return GeneratedTable(table, scale: try TPCHScale(factor: scale))
    }
}
