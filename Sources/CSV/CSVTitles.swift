// Lines before a table that are no rows of it: a title, remarks, which have one field where the rows have
// several. They are left out and told.

import StarlingFields

/// Takes the first rows of a sample as long as they may be titles.
struct CSVTitles {
    private static let countMax = 50

    private(set) var count = 0
    private var mayFollow: Bool
    private var isBeforeTable = false

    init(_ options: CSVOptions) {
        // What the user says of the first lines counts, and so do rows that may lack fields.
        mayFollow = options.skip == nil && options.header != false && !options.padsWithNulls
    }

    /// Takes the next row if it is a title, as far as that can be told by itself: one text.
    mutating func take(fieldCount: Int, _ first: () -> [UInt8]) -> Bool {
        guard mayFollow else { return false }
        isBeforeTable = fieldCount > 1
        mayFollow = fieldCount == 1 && count < Self.countMax && Self.isText(first())
        if mayFollow { count += 1 }
        return mayFollow
    }

    /// Tells whether the rows that were taken are titles, with so many rows behind them.
    func areTitles(of rowCount: Int) -> Bool { isBeforeTable && count < rowCount }

    private static func isText(_ bytes: [UInt8]) -> Bool {
        var detection = TypeDetection(ignoresBlanks: true)
        detection.add(bytes)
        return detection.result.type == .string
    }
}
