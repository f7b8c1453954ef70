import StarlingFields
import StarlingTypes
import StarlingVectors
import Testing

@Suite struct ColumnParserTests {
    private static let everyType: [LogicalType] = [
        .boolean, .tinyint, .int, .bigint, .largeint, .float, .double,
        .decimal(precision: 9, scale: 0), .string, .char(length: 5),
    ]

    @Test(arguments: everyType)
    func nullTextsAreNull(type: LogicalType) {
        var column = FieldColumn(["1", "NA", "0", "\\N", "\"NA\""], type)
        column.nullTexts = ["NA", "\\N"]
        let (vector, faults) = column.parsed()
        #expect((0..<4).map(vector.isValid) == [true, false, true, false])
        // In quotes it is a text like any other.
        #expect(faults.map(\.row) == (type.isString ? [] : [4]))
        if type.isString { #expect(vector.value(at: 4) == .text("NA")) }
    }

    @Test(arguments: everyType)
    func nullTextsThatLookLikeValuesAreNull(type: LogicalType) {
        var column = FieldColumn(["1", "0", "1"], type)
        column.nullTexts = ["0"]
        column.checksNullsFirst = true
        let (vector, faults) = column.parsed()
        #expect((0..<3).map(vector.isValid) == [true, false, true])
        #expect(faults.isEmpty)
    }

    /// Nothing is no number and no fault; it is a text, unless that means NULL.
    @Test(arguments: everyType)
    func emptyFieldsAreNullButForTexts(type: LogicalType) {
        var column = FieldColumn(["1", "", "\"\""], type)
        let (vector, faults) = column.parsed()
        #expect((0..<3).map(vector.isValid) == [true, type.isString, type.isString])
        #expect(faults.isEmpty)
        column.nullTexts = [""]
        let again = column.parsed().vector
        #expect((0..<3).map(again.isValid) == [true, false, type.isString])
    }

    @Test(arguments: everyType)
    func missingFieldsAreNull(type: LogicalType) {
        var column = FieldColumn(["1", "1", "0"], type)
        column.missing = [1]
        let (vector, faults) = column.parsed()
        #expect((0..<3).map(vector.isValid) == [true, false, true])
        #expect(faults.isEmpty)
    }

    @Test(arguments: everyType)
    func selectedRowsAreRead(type: LogicalType) {
        let column = FieldColumn(["1", "toolong", "0", "toolong", "1"], type)
        let (vector, faults) = column.parsed(rows: [0, 3, 4])
        #expect(vector.count == 3)
        if type == .string {
            #expect(vector.allValues == ["1", "toolong", "1"].map { .text($0) })
        } else {
            #expect((0..<3).map(vector.isValid) == [true, false, true])
            // Faults count in the window, so that messages find the line.
            #expect(faults.map(\.row) == [3])
        }
    }

    @Test(arguments: everyType)
    func rowsMayEndInTwoCharacters(type: LogicalType) {
        var column = FieldColumn(["1", "0", "\"1\""], type)
        column.rowEnd = "\r\n"
        let (vector, faults) = column.parsed()
        #expect(faults.isEmpty)
        #expect(vector.value(at: 0) == vector.value(at: 2))
    }

    @Test func textsAreReadWithoutTheirQuotes() {
        let texts = [
            "", "a", "twelve bytes", "thirteen byte", "longer than a reference holds", "Grüße 😀",
        ]
        let written = texts + texts.map { "\"\($0)\"" } + ["\"a\"\"b\"", "\"\"\"\"", "a\"b"]
        let column = FieldColumn(written, .string)
        #expect(column.values == (texts + texts + ["a\"b", "\"", "a\"b"]).map { .text($0) })
        var plain = column
        plain.quote = nil
        #expect(plain.values == written.map { .text($0) })
        var other = FieldColumn(["'it''s longer than twelve bytes'", "\"a\""], .string)
        other.quote = "'"
        #expect(
            other.values == ["it's longer than twelve bytes", "\"a\""].map { .text($0) })
    }

    /// StarRocks counts the bytes of CHAR and VARCHAR.
    @Test(arguments: [LogicalType.char(length: 3), .varchar(length: 3)])
    func textsThatAreTooLongAreFaults(type: LogicalType) {
        let column = FieldColumn(["abc", "abcd", "äb", "äöü", "\"abc\"", "\"abcd\"", ""], type)
        #expect(
            column.values
                == [.text("abc"), .null, .text("äb"), .null, .text("abc"), .null, .text("")])
        #expect(column.faults == ["abcd", "äöü", "abcd"])
    }

    @Test func faultsKeepTheTextWithoutQuotes() {
        let column = FieldColumn(["1", "\"a \"\"b\"\"\"", "2", "1.5"], .int)
        #expect(column.faults == ["a \"b\"", "1.5"])
        #expect(column.values == [.integer(1), .null, .integer(2), .null])
    }
}
