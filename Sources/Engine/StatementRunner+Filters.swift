// The property bloom_filter_columns: of which columns segments get bloom filters. It holds for rows
// that are written from then on.

import StarlingErrors
import StarlingStorage
import StarlingSyntax
import StarlingTables
import StarlingTypes

extension StatementRunner {
    /// The property's name.
    static let filterProperty = "bloom_filter_columns"

    /// Returns a table that makes the bloom filters and indexes, and takes documents apart, as its
    /// definition asks for.
    func filtering(
        _ table: NativeTable, as definition: CreateTable?
    ) throws(StarlingError) -> NativeTable {
        let filtering = table.filtering(
            try Self.filteredColumns(
                of: definition, table.columns, isStrict: !session.isRestoring))
        let indexing = filtering.indexing(
            try indexKinds(of: definition, table.columns, isStrict: !session.isRestoring))
        return indexing.shredding(
            by: try Self.shreddingRules(of: definition, isStrict: !session.isRestoring))
    }

    /// Finds the columns that the property names; what it must not name is an error where `isStrict`.
    static func filteredColumns(
        of definition: CreateTable?, _ columns: [TableColumn], isStrict: Bool
    ) throws(StarlingError) -> Set<Int> {
        let property = definition?.properties.first { $0.key.lowercased() == filterProperty }
        guard let property else { return [] }
        var positions: Set<Int> = []
        for name in property.columnNames {
            guard
                let place = columns.firstIndex(where: { $0.name.lowercased() == name.lowercased() })
            else {
                if !isStrict { continue }
                let near = nearestName(to: name, among: columns.map(\.name))
                throw StarlingError(
                    .binding,
                    "\(filterProperty) names '\(name)', which is no column of the table"
                        + (near.map { "; did you mean '\($0)'?" } ?? ""))
            }
            guard columns[place].type.canBeFiltered else {
                if !isStrict { continue }
                throw StarlingError(
                    .binding,
                    "column '\(columns[place].name)' is \(columns[place].type), of which no bloom "
                        + "filter is made")
            }
            positions.insert(place)
        }
        return positions
    }
}

extension Property {
    /// The names of columns in the value, which stand between commas.
    var columnNames: [String] {
        value.split(separator: ",").map { name in
            var text = name[...]
            while text.first?.isWhitespace ?? false || text.first == "`" { text.removeFirst() }
            while text.last?.isWhitespace ?? false || text.last == "`" { text.removeLast() }
            return String(text)
        }.filter { !$0.isEmpty }
    }
}

extension CreateTable {
    /// Calls a column by another name in the property, or takes it out where there is none.
    mutating func renameFiltered(_ name: String, to new: String?) {
        for place in properties.indices
        where properties[place].key.lowercased() == StatementRunner.filterProperty {
            let names = properties[place].columnNames.compactMap {
                $0.lowercased() == name.lowercased() ? new : $0
            }
            properties[place].value = names.joined(separator: ", ")
        }
        properties.removeAll {
            $0.key.lowercased() == StatementRunner.filterProperty && $0.value.isEmpty
        }
    }
}

extension LogicalType {
    /// Tells whether equal values of the type are stored as equal bytes.
    fileprivate var canBeFiltered: Bool {
        bounds != nil || isFloating || isString || self == .varbinary
    }
}
