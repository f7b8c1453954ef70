// What becomes of values that the table's type of a column does not keep.

import StarlingErrors
import StarlingFormats
import StarlingTables

/// Refuses or counts values of one file.
struct ConversionFaults: Sendable {
    let path: String
    let columns: [TableColumn]
    /// True where what does not fit is NULL and counted.
    let fills: Bool
    let report: FileReport

    /// Takes the number of values of a column that became NULL.
    func take(_ count: Int, column: Int) throws(StarlingError) {
        guard count > 0 else { return }
        let column = columns[column]
        guard fills else {
            throw StarlingError(
                .data,
                "\(path), column \(column.name): a value loses digits as \(column.type), which the "
                    + "column is in all files together; read the files one by one, or such values "
                    + "as NULL with 'fill_mismatch_column_with' = 'null'")
        }
        report.addFilled(count, file: path, column: column.name)
    }

    /// Takes the number of values of a column whose last digits were cut off.
    func takeCut(_ count: Int, column: Int) {
        if count > 0 { report.addCut(count, file: path, column: columns[column].name) }
    }
}
