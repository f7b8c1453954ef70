import StarlingConsole
import Testing

@Suite struct CommandLineOptionsTests {
    @Test func optionsAreRead() {
        let outcome = CommandLineOptions.parse(["-c", "SELECT 1", "--threads", "3", "-f", "x.sql"])
        guard case .run(let options) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(options.threadCount == 3)
        #expect(options.scripts == [.text("SELECT 1"), .file("x.sql")])
    }

    @Test(
        arguments: [
            ["--threads", "0"], ["--threads", "100000"], ["--threads"], ["--memory-limit", "-1"],
            ["--format", "papyrus"], ["--colour"], ["one", "two"], ["-c"],
        ])
    func wrongArgumentsAreNamed(_ arguments: [String]) {
        guard case .invalid(let message) = CommandLineOptions.parse(arguments) else {
            Issue.record("\(arguments) are accepted")
            return
        }
        #expect(
            message.contains(arguments.count == 2 && arguments[0] == "one" ? "two" : arguments[0]))
    }
}
