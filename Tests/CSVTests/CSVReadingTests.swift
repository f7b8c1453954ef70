// What CSV files hold, by Python's csv module and DuckDB, whatever the dialect and encoding, and
// wherever the file is cut for several workers.

import StarlingCSV
import StarlingErrors
import StarlingFormatSupport
import StarlingFormats
import StarlingTypes
import Testing

@Suite struct CSVReadingTests {
    /// Nothing in the fixtures is NULL, and all of it is text.
    private static let asText = FileOptions(["nullstr": "<null>", "all_varchar": "true"])

    @Test(arguments: CSVFixture.all)
    func dialectsAreDetected(file: String, rows: String) throws {
        let expected = try CSVFixture.rows(rows)
        let opened = try CSVFile(MemoryFile(CSVFixture.bytes(file)), Self.asText)
        #expect(opened.columns.map(\.name) == expected[0].indices.map { "name\($0)" })
        #expect(try CSVFixture.texts(of: opened) == expected)
        #expect(try CSVFixture.texts(of: opened, window: 7) == expected)
    }

    @Test(arguments: CSVFixture.all.filter { $0.file.hasPrefix("dialect") })
    func everyCutGivesTheSameRows(file: String, rows: String) throws {
        let expected = try CSVFixture.rows(rows)
        let text = MemoryFile(try CSVFixture.bytes(file))
        for size in [1, 2, 3, 5, 7, 11, 64, 100, 333, 1_000] {
            let opened = try CSVFile(text, Self.asText, partByteCount: size)
            #expect(try CSVFixture.texts(of: opened) == expected, "parts of \(size) bytes")
        }
    }

    @Test func everySplitPositionGivesTheSameRows() throws {
        let text = "a,b\n1,\"x\ny\"\n\"\"\"\n,\",2\r\n\"\n\n\",\"\n\"\n,\n5,\"\"\n6,z"
        let whole = try CSVFile(MemoryFile(text), Self.asText)
        let expected = try CSVFixture.texts(of: whole)
        #expect(
            expected == [
                ["1", "x\ny"], ["\"\n,", "2"], ["\n\n", "\n"], ["", ""], ["5", ""], ["6", "z"],
            ])
        for size in 1...text.utf8.count {
            let opened = try CSVFile(MemoryFile(text), Self.asText, partByteCount: size)
            #expect(try CSVFixture.texts(of: opened) == expected, "parts of \(size) bytes")
        }
    }

    @Test func typesAreDetected() throws {
        let expected = try CSVFixture.rows("typed.rows")
        let file = try CSVFile(MemoryFile(CSVFixture.bytes("typed.csv")), FileOptions())
        #expect(
            file.columns.map(\.type.description) == [
                "bigint", "bigint", "largeint", "decimal(18,9)", "double", "boolean", "date",
                "datetime", "varchar", "varchar",
            ])
        let rows = try CSVFixture.values(of: file)
        #expect(rows.count == expected.count)
        for (row, texts) in zip(rows, expected) {
            for (index, text) in texts.enumerated() {
                guard let text else {
                    #expect(row[index] == .null)
                    continue
                }
                if file.columns[index].type.isDecimal {
                    // The rows are DuckDB's, which makes them DOUBLEs.
                    let own = row[index].text(as: file.columns[index].type) ?? ""
                    #expect(Double(own) == Double(text))
                } else if case .floating(let number) = row[index] {
                    let wanted = Double(text)!
                    #expect(number == wanted || (number.isNaN && wanted.isNaN), "\(text)")
                } else {
                    #expect(row[index].text(as: file.columns[index].type) == text)
                }
            }
        }
    }

    /// Words for missing values are found where all else is of a type, and nowhere else.
    @Test func wordsForNullsAreDetected() throws {
        let text = """
            n,d,t,w,q,all
            1,2024-02-03,NA,x,1,NA
            NA,n/a,word,NA,"NA",NA
            -,2024-02-04,-,-,3,NA
            -3,NULL,null,y,4,NA

            """
        let file = try CSVFile(MemoryFile(text), FileOptions())
        #expect(
            file.columns.map(\.type.description) == [
                "bigint", "date", "varchar", "varchar", "varchar", "varchar",
            ])
        let rows = try CSVFixture.texts(of: file)
        #expect(rows.map { $0[0] } == ["1", nil, nil, "-3"])
        #expect(rows.map { $0[1] } == ["2024-02-03", nil, "2024-02-04", nil])
        #expect(rows.map { $0[2] } == ["NA", "word", "-", "null"])
        #expect(rows.map { $0[4] } == ["1", "NA", "3", "4"])
        let own = try CSVFile(MemoryFile(text), FileOptions(["nullstr": "NULL"]))
        #expect(own.columns.map(\.type.description).prefix(2) == ["varchar", "varchar"])
        // A word that the sample lacks is no value of the type.
        let later = try CSVFile(
            MemoryFile(text + "none,2024-02-05,a,b,5,NA\n"),
            FileOptions(["auto_detect_sample_rows": "4"]))
        let error = #expect(throws: StarlingError.self) { try CSVFixture.texts(of: later) }
        #expect(error?.message.contains("line 6, column n: 'none' is no bigint") == true)
    }

    /// Expected columns are DuckDB's, but for texts under a nameless column of numbers, as pandas
    /// writes them, which it takes for rows.
    @Test(arguments: [
        (",a,b\n0,1,x\n1,2,y\n", "column0 bigint, a bigint, b varchar", 2),
        (",name\n0,x\n1,y\n", "column0 bigint, name varchar", 2),
        ("a,a,A,\n1,2,3,4\n", "a bigint, a bigint, A bigint, column3 bigint", 1),
        ("a|b|\n1|x|\n", "a bigint, b varchar, column2 varchar", 1),
        ("a,,b\n1,2,3\n", "a bigint, column1 bigint, b bigint", 1),
        (",5,x\n1,6,y\n", "column0 bigint, column1 bigint, column2 varchar", 2),
        (",,\n1,2,3\n", "column0 bigint, column1 bigint, column2 bigint", 2),
    ])
    func headersMayLackNames(text: String, columns: String, rowCount: Int) throws {
        let file = try CSVFile(MemoryFile(text), FileOptions())
        #expect(file.columns.map { "\($0.name) \($0.type)" }.joined(separator: ", ") == columns)
        #expect(try CSVFixture.values(of: file).count == rowCount)
    }

    /// Expected columns and rows are DuckDB's, but for the separators of two characters.
    @Test(arguments: [
        // What values hold is no separator where a line would have to be a title for it.
        ("id,tags\n1,a|b|c\n2,d|e|f\n3,g|h|i\n", "id tags", "1 a|b|c 2 d|e|f 3 g|h|i"),
        ("time,at\n5,1;2;3\n6,4;5;6\n", "time at", "5 1;2;3 6 4;5;6"),
        // Backslashes are text where quotes are doubled, and escapes where the quotes need them.
        (
            "id,j\n1,\"{\"\"p\"\":\"\"C:\\\"\"}\"\n2,\"{\"\"p\"\":\"\"x\\ny\"\"}\"\n", "id j",
            "1 {\"p\":\"C:\\\"} 2 {\"p\":\"x\\ny\"}"
        ),
        ("path\n\"C:\\temp\\\"\nD\n", "path", "C:\\temp\\ D"),
        ("a,b\n1,\"x\\\"y\"\n2,\"z\"\n", "a b", "1 x\"y 2 z"),
        // Apostrophes are text beside quotes.
        (
            "a,b,c\nplain,'q','q'\n\"a\"\"b\",plain,text\n\"plain\",'q',text\n", "a b c",
            "plain 'q' 'q' a\"b plain text plain 'q' text"
        ),
        ("a||b\n1||x\n2||\n", "a b", "1 x 2 NULL"),
        // Blanks beside quotes are none of the text.
        ("a,b\n1, \"x\"\n2, \"y,z\"\n", "a b", "1 x 2 y,z"),
        ("a,b\n\"p\" ,\"x\" \n\"q\",\"y\"\n", "a b", "p x q y"),
        ("a,b\n1,x \n2, y\n", "a b", "1 x  2  y"),
        ("a|b|c\n1||x\n2||y\n", "a b c", "1 NULL x 2 NULL y"),
    ])
    func theDialectIsTheOneOfAllLines(text: String, names: String, values: String) throws {
        let file = try CSVFile(MemoryFile(text), FileOptions())
        #expect(file.columns.map(\.name).joined(separator: " ") == names)
        let rows = try CSVFixture.texts(of: file)
        #expect(rows.joined().map { $0 ?? "NULL" }.joined(separator: " ") == values)
    }

    /// A byte that is none of UTF-8 makes a text with other characters no Latin-1.
    @Test func damagedCharactersAreErrors() throws {
        let bytes = Array("a,b\n1,Müller\n2,Größe\n3,bad".utf8) + [0xFF, 0x0A]
        let file = try CSVFile(MemoryFile(bytes), FileOptions())
        let error = #expect(throws: StarlingError.self) { try CSVFixture.values(of: file) }
        #expect(error?.message.contains("line 4: byte 255 is no UTF-8") == true)
        let latin = try CSVFile(MemoryFile(bytes), FileOptions(["encoding": "latin-1"]))
        #expect(try CSVFixture.texts(of: latin)[2] == ["3", "badÿ"])
    }

    /// What a user says of dates holds for the columns that are written so.
    @Test func formsOfUsersAreForTheirColumns() throws {
        let text = "a,b,c\n31.12.2024,2024-01-02,31.12.2024 10:11:12\n01.02.2024,2024-03-04,\n"
        let options = FileOptions([
            "dateformat": "%d.%m.%Y", "timestampformat": "%d.%m.%Y %H:%M:%S",
        ])
        let file = try CSVFile(MemoryFile(text), options)
        #expect(file.columns.map(\.type) == [.date, .date, .datetime])
        #expect(
            try CSVFixture.texts(of: file) == [
                ["2024-12-31", "2024-01-02", "2024-12-31 10:11:12"],
                ["2024-02-01", "2024-03-04", nil],
            ])
        let compact = FileOptions(["dateformat": "%Y%m%d", "types": "b DATETIME"])
        let other = try CSVFile(MemoryFile("a,b\n20241231,31.12.2024\n"), compact)
        #expect(try CSVFixture.texts(of: other) == [["2024-12-31", "2024-12-31 00:00:00"]])
        #expect(throws: StarlingError.self) {
            try CSVFile(MemoryFile("a\n1\n"), FileOptions(["timestampformat": "Ymd"]))
        }
    }

    @Test func whatIsWrittenIsRead() throws {
        let options = FileOptions(["types": "t TIME, b VARBINARY"])
        let file = try CSVFile(
            MemoryFile("t,b,n\n10:11:12.5,ff00,NaN\n-838:59:59,c3,-Infinity\n"), options)
        #expect(file.columns.map(\.type) == [.time, .varbinary, .double])
        let rows = try CSVFixture.values(of: file)
        #expect(rows[0][0] == .integer(36_672_500_000))
        #expect(rows.map { $0[1] } == [.bytes([0xFF, 0]), .bytes([0xC3])])
        #expect(rows[1][2] == .floating(-.infinity))
        let wrong = try CSVFile(MemoryFile("b\nf\n"), FileOptions(["types": "b VARBINARY"]))
        #expect(throws: StarlingError.self) { try CSVFixture.values(of: wrong) }
    }

    /// Numbers whose digits no DOUBLE keeps; behind the sample they are faults.
    @Test func digitsAreKept() throws {
        let text = "p,q\n12345678901234567.89,1.5\n0.1,9007199254740993\n"
        let file = try CSVFile(MemoryFile(text), FileOptions())
        #expect(
            file.columns.map(\.type) == [
                .decimal(precision: 19, scale: 2), .decimal(precision: 17, scale: 1),
            ])
        #expect(
            try CSVFixture.texts(of: file) == [
                ["12345678901234567.89", "1.5"], ["0.10", "9007199254740993.0"],
            ])
        for wrong in ["9007199254740993", "1e400", "0.12345678901234567890"] {
            let late = FileOptions(["auto_detect_sample_rows": "2"])
            let file = try CSVFile(MemoryFile("q\n1.5\n2.5\n\(wrong)\n"), late)
            let error = #expect(throws: StarlingError.self) { try CSVFixture.values(of: file) }
            #expect(error?.message.contains("line 4, column q: '\(wrong)' is no double") == true)
            let asked = FileOptions(["types": "q DOUBLE"])
            let declared = try CSVFile(MemoryFile("q\n1.5\n2.5\n\(wrong)\n"), asked)
            #expect(try CSVFixture.values(of: declared).count == 3)
        }
    }

    @Test func ambiguousDatesStayText() throws {
        func type(_ text: String, _ options: [String: String] = [:]) throws -> String {
            try CSVFile(MemoryFile("d,n\n" + text + ",1\n"), FileOptions(options)).columns[0].type
                .description
        }
        #expect(try type("12/11/2024") == "varchar")
        #expect(try type("12/25/2024") == "date")
        #expect(try type("25.12.2024") == "date")
        #expect(try type("12/11/2024", ["types": "d DATE", "dateformat": "%d/%m/%Y"]) == "date")
        let file = try CSVFile(
            MemoryFile("d,n\n12/11/2024,1\n"),
            FileOptions(["types": "d DATE", "dateformat": "%d/%m/%Y"]))
        #expect(try CSVFixture.texts(of: file)[0][0] == "2024-11-12")
    }

    @Test func propertiesOverride() throws {
        let text = "x~y\n1~\\N\n2~'a~b'\n"
        let options = FileOptions([
            "csv.column_separator": "~", "csv.enclose": "'", "columns": "p INT, q VARCHAR(10)",
            "header": "true",
        ])
        let file = try CSVFile(MemoryFile(text), options)
        #expect(file.columns.map(\.name) == ["p", "q"])
        #expect(try CSVFixture.texts(of: file) == [["1", nil], ["2", "a~b"]])
        let skipped = try CSVFile(
            MemoryFile("# made by hand\nx,y\n1,2\n"), FileOptions(["csv.skip_header": "2"]))
        #expect(skipped.columns.map(\.name) == ["x", "y"])
        let wide = try CSVFile(
            MemoryFile("1||2##3||4##"),
            FileOptions(["csv.column_separator": "||", "csv.row_delimiter": "##"]))
        #expect(try CSVFixture.texts(of: wide) == [["1", "2"], ["3", "4"]])
        let trimmed = try CSVFile(
            MemoryFile("a,b\n 1 , \" x \" \n"), FileOptions(["csv.trim_space": "true"]))
        #expect(try CSVFixture.texts(of: trimmed) == [["1", " x "]])
    }
}
