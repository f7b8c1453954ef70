// Damaged files are read whole: they end in rows, or in errors that blame the file and name it.

import StarlingErrors
import StarlingTables

/// Reads all columns of a damaged `MemoryFile`, and their zones; returns the errors that damage must
/// not lead to.
package func unexpectedErrors(_ open: () throws -> any Table) throws -> [StarlingError] {
    var found: [StarlingError] = []
    func note(_ error: StarlingError) {
        let isNamed = error.kind == .resource || error.message.contains("memory")
        if ![.file, .unsupported, .resource].contains(error.kind) || !isNamed {
            found.append(error)
        }
    }
    do {
        let table = try open()
        for column in table.columns.indices {
            do {
                for part in table.parts {
                    _ = try part.zones(ofColumn: column, context: makeContext())
                }
                _ = try readColumn(table, column, Reading(windowCount: 700), rowCountMax: 5_000)
            } catch let error as StarlingError {
                note(error)
            }
        }
    } catch let error as StarlingError {
        note(error)
    }
    return found
}
