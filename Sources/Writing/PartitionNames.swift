// The partitions that a statement has met: values become folders as Hive names them.

import StarlingTables
import StarlingTypes
import Synchronization

/// Numbers partitions; shared by all workers.
final class PartitionNames: Sendable {
    private struct State {
        var numbers: [String: Int] = [:]
        var folders: [String] = []
    }

    let columns: [TableColumn]
    private let state = Mutex(State())

    /// - Parameter columns: those whose values become folders, outermost first.
    init(_ columns: [TableColumn]) { self.columns = columns }

    /// Returns the number of the partition with these values.
    func number(of values: [Value]) -> Int {
        var folder = ""
        for (value, column) in zip(values, columns) {
            let text = value.text(as: column.type).map(Self.escaped) ?? Self.null
            folder += "\(Self.escaped(column.name))=\(text)/"
        }
        return state.withLock { state in
            if let number = state.numbers[folder] { return number }
            state.numbers[folder] = state.folders.count
            state.folders.append(folder)
            return state.folders.count - 1
        }
    }

    func folder(_ number: Int) -> String {
        columns.isEmpty ? "" : state.withLock { $0.folders[number] }
    }

    private static let null = "__HIVE_DEFAULT_PARTITION__"

    /// Writes bytes that mean something in paths or to readers as `%3A` and its like.
    static func escaped(_ text: String) -> String {
        let special = Set("\"#%'*/:=?\\{}[]^".utf8)
        var result: [UInt8] = []
        for byte in text.utf8 {
            // A text that spells NULL's folder must not become NULL.
            let isEscaped =
                byte < 0x20 || byte == 0x7F || special.contains(byte)
                || (text == null && result.isEmpty)
            if isEscaped {
                let digits = String(byte, radix: 16, uppercase: true)
                result += Array("%\(digits.count == 1 ? "0" : "")\(digits)".utf8)
            } else {
                result.append(byte)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
