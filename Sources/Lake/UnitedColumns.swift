// The union of the columns of several files, by name, in the order in which names first appear.
//
// Types widen as StarRocks' FILES() widens them, except where digits would be lost: integers meet
// in the wider one, integers and DECIMAL in a DECIMAL that holds both (StarRocks: DOUBLE), numbers
// with FLOAT or DOUBLE in DOUBLE (where it keeps their digits: others are faults), DATE and DATETIME in
// DATETIME, everything else in STRING. Fields of structures are united as columns are (`NestedPart`). A column or field that a file lacks is an
// error unless the user asks for NULLs, which are counted.

import StarlingErrors
import StarlingFormats
import StarlingTables
import StarlingTypes

/// Holds the columns of a table of files, and where each comes from in each file.
struct UnitedColumns: Sendable {
    private(set) var columns: [TableColumn] = []
    /// For each file, for each column.
    private(set) var origins: [[ColumnOrigin]] = []

    /// For each column, the first file that has it.
    private var owners: [String] = []

    /// - Parameters:
    ///   - keys: columns that come from elsewhere, whatever the files have of that name.
    ///   - declared: the columns that the user wants instead of those that there are.
    init(
        _ files: [some LakeFile], options: FileOptions, besides keys: [TableColumn] = [],
        declared: [StructureField]? = nil
    ) throws(StarlingError) {
        let hidden = Set(keys.map { $0.name.lowercased() })
        // The names as files write them: two of them may differ in the case of letters only.
        var names: [String] = []
        for file in files {
            let own = file.columns.map(\.name)
            for (index, known) in positions(of: own, among: names).enumerated()
            where known == nil && !hidden.contains(own[index].lowercased()) {
                names.append(own[index])
                columns.append(file.columns[index])
                owners.append(file.path)
            }
        }
        for (index, name) in uniqueNames(names).enumerated() { columns[index].name = name }
        var places = files.map { positions(of: $0.columns.map(\.name), among: names) }
        // Fields of structures find each other by all names, which the first round gathers.
        for _ in 0..<2 {
            for (file, own) in zip(files, places) {
                for (column, place) in zip(file.columns, own) {
                    if let place { try widen(place, with: column, of: file.path) }
                }
            }
        }
        if let declared {
            let chosen = try declare(declared, fills: options.fillsMismatches())
            places = places.map { own in
                own.map { place in place.flatMap { chosen.firstIndex(of: $0) } }
            }
        }
        let fills = try options.fillsMismatches()
        for (file, own) in zip(files, places) {
            origins.append(try findOrigins(file, own, fills: fills, options))
        }
        // A type that only NULLs were seen of is as good as any other.
        for index in columns.indices where columns[index].type == .null {
            columns[index].type = .string
        }
    }

    /// Keeps the columns that the user names, as the types that he says; returns where each was.
    private mutating func declare(
        _ declared: [StructureField], fills: Bool
    ) throws(StarlingError) -> [Int?] {
        let found = columns
        let names = found.map(\.name)
        let chosen = positions(of: declared.map(\.name), among: names)
        columns = []
        owners = Array(repeating: "the property 'schema'", count: declared.count)
        for (field, position) in zip(declared, chosen) {
            guard let position else {
                guard fills else {
                    let near = nearestName(to: field.name, among: names)
                    throw StarlingError(
                        .binding,
                        "'schema' names a column '\(field.name)', which no file has"
                            + (near.map { "; did you mean '\($0)'?" } ?? ""),
                        about: .value(of: "schema"))
                }
                columns.append(TableColumn(name: field.name, type: field.type))
                continue
            }
            let known = found[position]
            guard Self.wider(known.type, field.type) == field.type else {
                throw StarlingError(
                    .binding,
                    "column \(field.name) is \(known.type) and can't be read as \(field.type) "
                        + "without loss; read it as \(known.type) and CAST it",
                    about: .value(of: "schema"))
            }
            columns.append(
                TableColumn(name: field.name, type: field.type, isNullable: known.isNullable))
        }
        return chosen
    }

    private mutating func widen(
        _ position: Int, with other: TableColumn, of path: String
    ) throws(StarlingError) {
        let column = columns[position]
        guard let type = Self.wider(column.type, other.type) else {
            throw StarlingError(
                .file,
                "\(path): column \(other.name) is \(other.type), but \(column.type) in the files "
                    + "before, and no type holds both; read the files one by one")
        }
        columns[position].type = type
        if other.isNullable { columns[position].isNullable = true }
    }

    private mutating func findOrigins(
        _ file: some LakeFile, _ places: [Int?], fills: Bool, _ options: FileOptions
    ) throws(StarlingError) -> [ColumnOrigin] {
        let instants = file.instants
        var owned: [Int: Int] = [:]
        for (position, place) in places.enumerated() { if let place { owned[place] = position } }
        var result: [ColumnOrigin] = []
        for (index, column) in columns.enumerated() {
            if let position = owned[index] {
                let type = file.columns[position].type
                let lacking = NestedPart.lackingField(column.name, from: type, to: column.type)
                if let lacking { try noteLacking(lacking, file.path, fills, options) }
                let conversion = ColumnConversion(
                    from: type, to: column.type, instants: instants[position],
                    clock: options.clock)
                if fills, conversion != .direct { columns[index].isNullable = true }
                result.append(.file(position, conversion))
                continue
            }
            guard fills else {
                throw StarlingError(
                    .file,
                    "\(file.path) has no column '\(column.name)', which \(owners[index]) has; "
                        + "FILES('fill_mismatch_column_with' = 'null', …) reads it as NULL")
            }
            options.report.note(
                "\(file.path) has no column '\(column.name)', which was read as NULL")
            columns[index].isNullable = true
            result.append(.absent(column.type))
        }
        return result
    }

    /// Reads a field that a file lacks as NULL where the user wants it so.
    private func noteLacking(
        _ field: String, _ path: String, _ fills: Bool, _ options: FileOptions
    ) throws(StarlingError) {
        guard fills else {
            throw StarlingError(
                .file,
                "\(path) has no field '\(field)', which other files have; "
                    + "FILES('fill_mismatch_column_with' = 'null', …) reads it as NULL")
        }
        options.report.note("\(path) has no field '\(field)', which was read as NULL")
    }

    /// Finds the type that holds all values of both, or nil where there is none.
    static func wider(_ left: LogicalType, _ right: LogicalType) -> LogicalType? {
        if left == right { return left }
        if left == .null { return right }
        if right == .null { return left }
        if left.isNested || right.isNested { return NestedPart.wider(left, right) }
        let areNumbers =
            left.isNumeric && right.isNumeric && left != .boolean && right != .boolean
        if areNumbers || (left.isTemporal && right.isTemporal) {
            return LogicalType.keepingType(left, right)
        }
        if left.isString, right.isString { return LogicalType.commonType(left, right) }
        return .string
    }
}

/// Says where a column of the table comes from in one file.
enum ColumnOrigin: Sendable, Hashable {
    case file(Int, ColumnConversion)
    case constant(Value)
    /// A column of a type that the file lacks; its rows are NULL.
    case absent(LogicalType)
    /// The row's number in its file, from 0.
    case rowNumber

    /// True where the file's vectors can be handed on as they are.
    var isDirect: Bool { if case .file(_, .direct) = self { true } else { false } }
}
