// What the beginning of a file tells: its dialect, whether it has a header, and the columns.

import StarlingErrors
import StarlingFields
import StarlingFormats
import StarlingTables
import StarlingTypes

/// Holds what was found out about a file.
struct CSVLayout: Sendable {
    var dialect: CSVDialect
    var columns: [TableColumn]
    /// For each column, the form of its dates where it is not ISO's.
    var patterns: [String?]
    /// For each column, what stands for NULL besides what does so everywhere.
    var nullTexts: [[[UInt8]]]
    /// For each column, whether its type is from the sample.
    var areDetected: [Bool]
    /// For each column, whether its times are written with their distance from UTC.
    var areInstants: [Bool]
    var hasHeader: Bool
    /// Where the first row of data begins, behind header and skipped lines.
    var dataStart: Int
    /// The mean bytes of a row in the sample.
    var rowByteCount: Double
}

/// Reads the beginning of a file.
struct CSVSample {
    private let text: UnsafeRawBufferPointer
    private let isWhole: Bool
    private let options: CSVOptions
    private let path: String

    init(
        _ text: UnsafeRawBufferPointer, isWhole: Bool, _ options: CSVOptions, path: String
    ) {
        self.text = text
        self.isWhole = isWhole
        self.options = options
        self.path = path
    }

    /// Finds the layout; `start` is where the text begins behind a mark of byte order.
    func layout(from start: Int) throws(StarlingError) -> CSVLayout {
        let content = UnsafeRawBufferPointer(rebasing: text[start...])
        let dialect = DialectDetection.detect(content, isWhole: isWhole, options)
        var scanner = FieldScanner(dialect, text, from: start)
        for _ in 0..<(options.skip ?? 0) { _ = scanner.next(isWhole: isWhole) }
        var dataStart = scanner.position
        var rows: [[SampledField]] = []
        var places: [Range<Int>] = []
        var titles = CSVTitles(options)
        while rows.count <= options.sampleRowCount, case .row = scanner.next(isWhole: isWhole) {
            let fields = scanner.fields.map {
                SampledField(bytes: scanner.content($0), isQuoted: $0.isQuoted)
            }
            if fields.count == 1, fields[0].bytes.isEmpty, !fields[0].isQuoted { continue }
            _ = titles.take(fieldCount: fields.count) { fields[0].bytes }
            places.append(scanner.rowStart..<scanner.position)
            rows.append(fields)
        }
        if titles.count > 0, titles.areTitles(of: rows.count - titles.count) {
            noteTitles(titles.count)
            rows.removeFirst(titles.count)
            places.removeFirst(titles.count)
            dataStart = places[0].lowerBound
        }
        guard let first = rows.first else {
            guard let columns = options.columns else {
                throw StarlingError(
                    .file,
                    "'\(path)' has no rows, so its columns are unknown; name them with "
                        + "'columns' = 'a INT, b STRING'")
            }
            return CSVLayout(
                dialect: dialect,
                columns: columns.map { TableColumn(name: $0.name, type: $0.type) },
                patterns: columns.map { _ in nil }, nullTexts: columns.map { _ in [] },
                areDetected: columns.map { _ in false }, areInstants: columns.map { _ in false },
                hasHeader: false, dataStart: dataStart, rowByteCount: 1)
        }
        let columnCount = options.columns?.count ?? fieldCount(rows)
        let detected = detect(rows.dropFirst(), columnCount)
        let hasHeader = options.header ?? isHeader(first, detected.map(\.result), rows)
        if hasHeader { dataStart = places[0].upperBound }
        let settled = hasHeader ? detected : detect(rows[...], columnCount)
        let written = columnNames(hasHeader ? first : nil, columnCount)
        let names = uniqueNames(written)
        var layout = CSVLayout(
            dialect: dialect, columns: [], patterns: [], nullTexts: [], areDetected: [],
            areInstants: [],
            hasHeader: hasHeader, dataStart: dataStart,
            rowByteCount: Double(max(1, scanner.position - dataStart))
                / Double(max(1, rows.count - (hasHeader ? 1 : 0))))
        for (index, name) in names.enumerated() {
            let wanted = options.columns?[index] ?? options.types.first { sameName($0.name, name) }
            let found = settled[index].result
            let type = wanted?.type ?? (options.detectsTypes ? found.type : .string)
            layout.columns.append(TableColumn(name: written[index], type: type))
            layout.patterns.append(pattern(of: type, found))
            layout.nullTexts.append(settled[index].nullTexts(of: type))
            layout.areDetected.append(wanted == nil)
            layout.areInstants.append(type == .datetime && found.isInstant)
        }
        try check(layout, names)
        return layout
    }

    /// A field of a row of the sample.
    private struct SampledField {
        var bytes: [UInt8]
        var isQuoted: Bool
    }

    private func noteTitles(_ count: Int) {
        let lines = count == 1 ? "the first line was" : "the first \(count) lines were"
        options.report.note(
            "\(path): \(lines) taken for a title and left out; 'skip' says how many lines to leave "
                + "out")
    }

    private func sameName(_ left: String, _ right: String) -> Bool {
        left.lowercased() == right.lowercased()
    }

    private func isNull(_ field: SampledField) -> Bool {
        guard !field.isQuoted else { return false }
        if let texts = options.nullTexts { return texts.contains(field.bytes) }
        return field.bytes.isEmpty || field.bytes == Array("\\N".utf8)
    }

    /// The number of fields that most rows have; the header's, where it has more.
    private func fieldCount(_ rows: [[SampledField]]) -> Int {
        var counts: [Int: Int] = [:]
        for row in rows { counts[row.count, default: 0] += 1 }
        let most = counts.max { ($0.value, $0.key) < ($1.value, $1.key) }!.key
        return options.header == true || options.padsWithNulls ? max(rows[0].count, most) : most
    }

    private func detect(
        _ rows: ArraySlice<[SampledField]>, _ columnCount: Int
    ) -> [ColumnDetection] {
        let findsNullWords = options.nullTexts == nil && options.columns == nil
        var detections = (0..<columnCount).map { _ in
            ColumnDetection(findsNullWords: findsNullWords, forms: options.forms)
        }
        for row in rows {
            for (index, field) in row.prefix(columnCount).enumerated() where !isNull(field) {
                if field.isQuoted, field.bytes.isEmpty { continue }
                detections[index].add(field.bytes, isQuoted: field.isQuoted)
            }
        }
        return detections
    }

    /// The form of a column's dates: what its values have, or else what the user names.
    private func pattern(of type: LogicalType, _ found: DetectedType) -> String? {
        guard type == .date || type == .datetime else { return nil }
        if found.type == .date || found.type == .datetime { return found.pattern }
        return options.forms.first { $0.type == type }?.pattern
    }

    /// Tells whether the first row names the columns: it does where some column has a type that
    /// its field is not of, and where all columns are texts but its fields can be names and differ.
    /// A name may come twice, as in what joins were written to, and columns may have none, as the
    /// numbers of rows have that data frames write.
    private func isHeader(
        _ first: [SampledField], _ types: [DetectedType], _ rows: [[SampledField]]
    ) -> Bool {
        if let columns = options.columns {
            return first.count == columns.count
                && zip(first, columns).allSatisfy {
                    sameName(String(decoding: $0.bytes, as: UTF8.self), $1.name)
                }
        }
        let named = first.filter { !$0.bytes.isEmpty }
        guard first.count == types.count, !named.isEmpty else { return false }
        let areNames = named.allSatisfy(Self.isName)
        guard rows.count > 1 else { return areNames && isDistinct(named) }
        var sawType = false
        for (field, type) in zip(first, types) where type.type != .string && !field.bytes.isEmpty {
            sawType = true
            var single = TypeDetection(forms: options.forms, ignoresBlanks: true)
            single.add(field.bytes)
            if single.result.type == .string { return isDistinct(named) || areNames }
        }
        return !sawType && areNames && isDistinct(named)
    }

    private func isDistinct(_ fields: [SampledField]) -> Bool {
        Set(fields.map { $0.bytes }).count == fields.count
    }

    /// Tells whether a text may name a column: not a number or a date.
    private static func isName(_ field: SampledField) -> Bool {
        var detection = TypeDetection(ignoresBlanks: true)
        detection.add(field.bytes)
        return detection.result.type == .string && field.bytes.count <= 128
            && !field.bytes.contains(10)
    }

    private func columnNames(_ header: [SampledField]?, _ count: Int) -> [String] {
        if let columns = options.columns { return columns.map(\.name) }
        return (0..<count).map { index in
            guard let header, index < header.count else { return "column\(index)" }
            let bytes = header[index].bytes[...].drop { isSpace($0) }
            let trimmed = bytes.reversed().drop { isSpace($0) }.reversed()
            return trimmed.isEmpty ? "column\(index)" : String(decoding: trimmed, as: UTF8.self)
        }
    }

    private func check(_ layout: CSVLayout, _ names: [String]) throws(StarlingError) {
        for type in options.types where !names.contains(where: { sameName($0, type.name) }) {
            let near =
                nearestName(to: type.name, among: names)
                .map { "; did you mean '\($0)'?" } ?? ""
            throw StarlingError(
                .binding, "'types' names a column '\(type.name)' that '\(path)' lacks\(near)",
                about: .value(of: "types"))
        }
        for column in layout.columns where column.type.isNested {
            throw StarlingError(
                .unsupported, "column \(column.name): CSV can't be read as \(column.type)")
        }
    }
}
