// The files that tools/fixtures/parquet.py wrote.

import StarlingFormatSupport

extension Fixture {
    static let folder =
        #filePath.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 } + "/Fixtures"

    static let all = all(in: folder, endingIn: ".parquet").filter {
        !$0.name.hasPrefix("nested") && !$0.name.hasPrefix("odd")
    }

    init(name: String) { self.init(folder: Self.folder, name: name) }
}
