// Files of every format are damaged in the same ways and read whole: cut off at each boundary of their
// structure, with a piece missing before what stands at the end, with flipped bits. They end in rows, or
// in errors that blame the file and name it, and in no more time and memory than their size explains.

import Glibc
import StarlingErrors
import StarlingTables
import StarlingTestSupport
import StarlingTypes

/// Damages one file.
package struct DamageTrials {
    private let bytes: [UInt8]
    private let outline: FileOutline

    package init(_ bytes: [UInt8], _ outline: FileOutline) {
        self.bytes = bytes
        self.outline = outline
    }

    /// How often bytes are changed, and how many boundaries pieces are lost at; nil is a smoke run, for
    /// which long lists of boundaries are thinned out.
    private static let wantedRoundCount: Int? = getenv("STARLING_FUZZ_ROUNDS").flatMap {
        Int(String(cString: $0))
    }
    private static let roundCount = wantedRoundCount ?? 40

    private var boundaries: [Int] {
        let all = outline.boundaries.filter { $0 < bytes.count }
        let step = Self.wantedRoundCount == nil ? max(1, all.count / 250) : 1
        return stride(from: 0, to: all.count, by: step).map { all[$0] }
    }

    /// Reads all damaged copies and says what went wrong.
    ///
    /// - Parameter open: opens a copy; its name is "memory".
    package func findings(_ open: ([UInt8]) throws -> any Table) throws -> [String] {
        var result: [String] = []
        func check(_ copy: [UInt8], _ damage: @autoclosure () -> String) throws {
            let errors = try unexpectedErrors { try open(copy) }
            result += errors.prefix(3).map { "\(damage()): \($0)" }
        }
        for place in boundaries {
            try check(Array(bytes[..<place]), "cut at \(place)")
        }
        var chance = SeededGenerator(seed: UInt64(bytes.count))
        let tail = outline.tail ?? bytes.count
        if tail < bytes.count {
            let places = outline.boundaries.filter { $0 < tail }.shuffled(using: &chance)
            for place in places.prefix(Self.roundCount / 4) {
                try check(
                    Array(bytes[..<place] + bytes[tail...]), "nothing from \(place) to \(tail)")
            }
        }
        for round in 0..<Self.roundCount where !bytes.isEmpty {
            var copy = bytes
            var places: [Int] = []
            for _ in 0...(round % 4) {
                let spot = round % 2 == 0 ? nil : outline.hotspots.randomElement(using: &chance)
                let place = Int.random(in: spot ?? bytes.indices, using: &chance)
                if round % 3 == 0, let mark = outline.marks.randomElement(using: &chance) {
                    copy[place] = mark
                } else {
                    copy[place] ^= 1 << UInt8.random(in: 0..<8, using: &chance)
                }
                places.append(place)
            }
            try check(copy, "bytes changed at \(places)")
        }
        return result
    }
}

/// Reads all columns of a damaged file, and asks for all that is known of them; returns the errors that
/// damage must not lead to.
package func unexpectedErrors(_ open: () throws -> any Table) throws -> [StarlingError] {
    var found: [StarlingError] = []
    func attempt(_ action: () throws -> Void) throws {
        do {
            try action()
        } catch let error as StarlingError {
            let isOfFile = [.file, .data, .unsupported].contains(error.kind)
            let isNamed = error.message.contains("memory")
            if error.kind != .resource, !isOfFile || !isNamed { found.append(error) }
        }
    }
    var opened: (any Table)?
    try attempt { opened = try open() }
    guard let table = opened else { return found }
    guard table.parts.allSatisfy(\.isCounted) else {
        try attempt { _ = try uncountedRows(of: table, window: 700) }
        return found
    }
    for column in 0..<(table.columns.count + table.virtualColumns.count) {
        try attempt {
            _ = try readColumn(
                table, column, Reading(windowCount: 700, isNarrow: true), rowCountMax: 5_000)
        }
        for part in table.parts.prefix(4) { try attempt { try askAround(part, table, column) } }
    }
    return found
}

/// Asks zones, filters and dictionaries, and reads some rows by the help of the former.
private func askAround(_ part: any TablePart, _ table: any Table, _ column: Int) throws {
    _ = try part.zones(ofColumn: column, context: makeContext())
    _ = try part.lacks(
        [.integer(5), .text("text"), .floating(0)], inColumn: column, context: makeContext())
    guard part.rowCount > 20 else { return }
    let type = (table.columns + table.virtualColumns)[column].type.widestPhysicalType
    let reader = try part.makeReader(
        columns: [ReadColumn(column: column, physicalType: type)], context: makeContext())
    let start = part.rowCount / 2
    reader.expect(RowRanges(start..<(start + 9)), late: column % 2 == 0 ? [0] : [])
    _ = try reader.dictionary(of: 0)
    try reader.moveWindow(to: start, count: 9)
    _ = try reader.read(0, selection: nil)
}
