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
        let isStrict = !session.isRestoring
        let filters = try Self.filters(of: definition, table.columns, isStrict: isStrict)
        let analyzers = try self.analyzers(of: definition, table.columns, isStrict: isStrict)
        let indexes = try wantedIndexes(
            of: definition, table.columns, analyzers, isStrict: isStrict)
        var rules = try Self.shreddingRules(of: definition, isStrict: isStrict)
        rules.filteredPaths = filters.paths
        rules.wantedPaths = filters.paths
        for wanted in indexes.values.joined() where !wanted.keys.isEmpty {
            rules.wantedPaths.insert(wanted.keys)
        }
        return table.filtering(filters.columns).indexing(indexes, cuttingBy: analyzers)
            .shredding(by: rules)
            .compressing(try Self.compressionLevel(of: definition, isStrict: isStrict))
    }

    /// Finds the columns that the property names, and the paths of documents; what it must not name is
    /// an error where `isStrict`.
    static func filters(
        of definition: CreateTable?, _ columns: [TableColumn], isStrict: Bool
    ) throws(StarlingError) -> (columns: Set<Int>, paths: Set<[[UInt8]]>) {
        let property = definition?.properties.first { $0.key.lowercased() == filterProperty }
        guard let property else { return ([], []) }
        var positions: Set<Int> = []
        var paths: Set<[[UInt8]]> = []
        for (name, path) in property.columnNames.map(\.partsOfPath) {
            guard
                let place = columns.firstIndex(where: { $0.name.lowercased() == name.lowercased() })
            else {
                if !isStrict { continue }
                let near = nearestName(to: name, among: columns.map(\.name))
                throw StarlingError(
                    .binding,
                    "\(filterProperty) names '\(name)', which is no column of the table"
                        + (near.map { "; did you mean '\($0)'?" } ?? ""),
                    about: .value(of: filterProperty))
            }
            if let path {
                do throws(StarlingError) {
                    paths.insert(try keys(to: path, in: columns[place], at: nil))
                } catch {
                    if isStrict { throw error }
                }
                continue
            }
            guard columns[place].type.canBeFiltered else {
                if !isStrict { continue }
                throw StarlingError(
                    .binding,
                    "column '\(columns[place].name)' is \(columns[place].type), of which no bloom "
                        + "filter is made", about: .value(of: filterProperty))
            }
            positions.insert(place)
        }
        return (positions, paths)
    }
}

extension Property {
    /// The names of columns in the value, which stand between commas.
    var columnNames: [String] {
        value.split(separator: ",").map { $0.within("`") }.filter { !$0.isEmpty }
    }
}

extension StringProtocol {
    /// The name of a column, and behind an arrow the path of its documents, which may have quotes.
    var partsOfPath: (name: String, path: String?) {
        let parts = String(self).split(separator: "->", maxSplits: 1)
        guard parts.count == 2 else { return (String(self), nil) }
        return (parts[0].within("`"), parts[1].within("'"))
    }

    /// What stands between white space and quotes.
    func within(_ quote: Character) -> String {
        var text = self[startIndex..<endIndex]
        while let first = text.first, first.isWhitespace || first == quote { text.removeFirst() }
        while let last = text.last, last.isWhitespace || last == quote { text.removeLast() }
        return String(text)
    }
}

extension CreateTable {
    /// Calls a column by another name in the property, or takes it out where there is none.
    mutating func renameFiltered(_ name: String, to new: String?) {
        for place in properties.indices
        where properties[place].key.lowercased() == StatementRunner.filterProperty {
            let names = properties[place].columnNames.compactMap {
                let (own, path) = $0.partsOfPath
                guard own.lowercased() == name.lowercased() else { return $0 }
                return path.flatMap { path in new.map { "\($0) -> '\(path)'" } } ?? new
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
