// The dialogue for programs: one JSON object a line in, one a line out for each statement.
//
//   {"sql": "SELECT 1 AS a"}
//   {"columns":[{"name":"a","type":"tinyint"}],"rows":[[1]],"rows_affected":0,"elapsed_ms":0.21}
//   {"error":{"kind":"binding","message":"…","position":12}}

import Starling

struct ExchangeLoop {
    private let session: Session

    init(_ session: Session) { self.session = session }

    func run() {
        while let line = readLine() {
            if line.allSatisfy({ $0 == " " || $0 == "\t" || $0 == "\r" }) { continue }
            answer(line)
        }
    }

    private func answer(_ line: String) {
        guard let request = JSONText.parseObject(line), case .text(let sql)? = request["sql"] else {
            reply(
                "{\"error\":{\"kind\":\"syntax\",\"message\":"
                    + JSONText.quoted("a request is a JSON object with a text \"sql\"") + "}}")
            return
        }
        do throws(DatabaseError) {
            try session.executeScript(sql) { result in
                reply(ResultWriter.exchange(result))
            }
        } catch {
            var fields = "\"kind\":\"\(error.kind.rawValue)\",\"message\":"
            fields += JSONText.quoted(error.message)
            if let position = error.position { fields += ",\"position\":\(position)" }
            reply("{\"error\":{\(fields)}}")
        }
    }

    private func reply(_ text: String) { writeText(text + "\n", to: standardOutput) }
}
