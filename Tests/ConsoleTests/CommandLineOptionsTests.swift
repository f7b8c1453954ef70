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
            (["--memory-limit", "64MB"], 64_000_000), (["--memory-limit=2GiB"], 2 << 30),
            (["--memory-limit=512k"], 512 << 10), (["--memory-limit", "1000"], 1_000),
        ])
    func sizesHaveUnits(_ arguments: [String], bytes: Int) {
        guard case .run(let options) = CommandLineOptions.parse(arguments) else {
            Issue.record("\(arguments) are not accepted")
            return
        }
        #expect(options.memoryLimit == bytes)
    }

    @Test(
        arguments: [
            (["--format", "jsn"], "did you mean json?"), (["--formta", "csv"], "--format?"),
            (["--theads=2"], "--threads?"), (["select 1"], "-c runs SQL"),
            (["one", "SHOW TABLES"], "-c runs SQL"),
        ])
    func refusedArgumentsHaveARemedy(_ arguments: [String], hint: String) {
        guard case .invalid(let message) = CommandLineOptions.parse(arguments) else {
            Issue.record("\(arguments) are accepted")
            return
        }
        #expect(message.contains(hint), "\(message)")
    }

    @Test func valuesMayFollowAnEqualsSign() {
        guard case .run(let options) = CommandLineOptions.parse(["--format=csv", "--threads=2"])
        else {
            Issue.record("not accepted")
            return
        }
        #expect(options.format == .csv)
        #expect(options.threadCount == 2)
    }

    @Test(
        arguments: [
            ["--exchange=1"], ["--format=papyrus"], ["--memory-limit", "5XB"],
            ["--memory-limit", "99999999999TB"],
            ["--threads", "0"], ["--threads", "100000"], ["--threads"], ["--memory-limit", "-1"],
            ["--format", "papyrus"], ["--colour"], ["one", "two"], ["-c"],
        ])
    func wrongArgumentsAreNamed(_ arguments: [String]) {
        guard case .invalid(let message) = CommandLineOptions.parse(arguments) else {
            Issue.record("\(arguments) are accepted")
            return
        }
        #expect(
            message.contains(
                arguments[0] == "one" ? "two" : String(arguments[0].prefix { $0 != "=" })))
    }
}
