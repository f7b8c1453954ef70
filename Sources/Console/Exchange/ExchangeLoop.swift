// The dialogue for programs: one JSON object a line in, one a line out for each statement.
//
//   {"sql": "SELECT 1 AS a"}
//   {"columns":[{"name":"a","type":"tinyint"}],"rows":[[1]],"rows_affected":0,"elapsed_ms":0.21}
//   {"error":{"kind":"binding","message":"…","position":12}}
//
// A position counts bytes of the SQL in UTF-8, from 0.

import Starling

package struct ExchangeLoop {
    private let session: Session
    private let reply: (String) -> Void

    package init(_ session: Session, reply: @escaping (String) -> Void) {
        self.session = session
        self.reply = reply
    }

    /// Answers a request: a line for each of its statements, also behind one that failed.
    package func answer(_ line: String) {
        if line.allSatisfy({ $0 == " " || $0 == "\t" || $0 == "\r" }) { return }
        guard let request = JSONText.parseObject(line), case .text(let sql)? = request["sql"] else {
            reply(
                "{\"error\":{\"kind\":\"syntax\",\"message\":"
                    + JSONText.quoted("a request is a JSON object with a text \"sql\"") + "}}")
            return
        }
        var isAnswered = false
        session.runEachStatement(of: sql) { outcome in
            isAnswered = true
            switch outcome {
            case .success(let result): reply(ResultWriter.exchange(result))
            case .failure(let error): reply(Self.object(for: error))
            }
        }
        // A request without any statement is answered all the same: nobody waits in vain.
        if !isAnswered { reply(ResultWriter.exchange(.empty)) }
    }

    private static func object(for error: DatabaseError) -> String {
        var fields = "\"kind\":\"\(error.kind.rawValue)\",\"message\":"
        fields += JSONText.quoted(error.message)
        if let position = error.position { fields += ",\"position\":\(position)" }
        return "{\"error\":{\(fields)}}"
    }
}
