import Foundation
import StarlingConsole
import Testing

@Suite struct HistoryFileTests {
    @Test(arguments: ["SELECT 1;", "SELECT\n  'a\\nb';", "\\", "a\r\nb", "ü\\\\n"])
    func escapesAreUndone(_ text: String) {
        let line = HistoryFile.escaped(text)
        #expect(!line.unicodeScalars.contains("\n"))
        #expect(HistoryFile.unescaped(line) == text)
    }

    @Test func statementsStayInAPrivateFile() throws {
        let folder = FileManager.default.temporaryDirectory.path
        let file = HistoryFile(path: "\(folder)/starling-history-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(atPath: file.path) }
        file.append("SELECT\n1;")
        file.append("SELECT 2;")
        #expect(file.load() == ["SELECT\n1;", "SELECT 2;"])
        let attributes = try FileManager.default.attributesOfItem(atPath: file.path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
    }

    @Test func environmentSaysWhere() {
        let both = ["XDG_STATE_HOME": "/state", "HOME": "/h"]
        #expect(HistoryFile(environment: { both[$0] })?.path == "/state/starling_history")
        #expect(
            HistoryFile(environment: { $0 == "HOME" ? "/h" : nil })?.path
                == "/h/.starling_history")
    }
}
