// Words and stems from the vocabulary that Snowball publishes for its algorithm of English
// (https://snowballstem.org/algorithms/english/stemmer.html), and from the rules' own examples there.

import StarlingAnalyzers
import Testing

@Suite struct EnglishStemmerTests {
    @Test(arguments: [
        ("consign", "consign"), ("consigned", "consign"), ("consigning", "consign"),
        ("consignment", "consign"), ("consist", "consist"), ("consisted", "consist"),
        ("consistency", "consist"), ("consistent", "consist"), ("consistently", "consist"),
        ("consisting", "consist"), ("consists", "consist"), ("consolation", "consol"),
        ("consolations", "consol"), ("consolatory", "consolatori"), ("console", "consol"),
        ("consoled", "consol"), ("consoles", "consol"), ("consolidate", "consolid"),
        ("consolidated", "consolid"), ("consolidating", "consolid"), ("consoling", "consol"),
        ("consolingly", "consol"), ("consols", "consol"), ("consonant", "conson"),
        ("consort", "consort"), ("consorted", "consort"), ("consorting", "consort"),
        ("conspicuous", "conspicu"), ("conspicuously", "conspicu"), ("conspiracy", "conspiraci"),
        ("conspirator", "conspir"), ("conspirators", "conspir"), ("conspire", "conspir"),
        ("conspired", "conspir"), ("conspiring", "conspir"), ("constable", "constabl"),
        ("constables", "constabl"), ("constance", "constanc"), ("constancy", "constanc"),
        ("constant", "constant"), ("knack", "knack"), ("knackeries", "knackeri"),
        ("knacks", "knack"), ("knag", "knag"), ("knave", "knave"), ("knaves", "knave"),
        ("knavish", "knavish"), ("kneaded", "knead"), ("kneading", "knead"), ("knee", "knee"),
        ("kneel", "kneel"), ("kneeled", "kneel"), ("kneeling", "kneel"), ("kneels", "kneel"),
        ("knees", "knee"), ("knell", "knell"), ("knelt", "knelt"), ("knew", "knew"),
        ("knick", "knick"), ("knif", "knif"), ("knife", "knife"), ("knight", "knight"),
        ("knightly", "knight"), ("knights", "knight"), ("knit", "knit"), ("knits", "knit"),
        ("knitted", "knit"), ("knitting", "knit"), ("knives", "knive"), ("knob", "knob"),
        ("knobs", "knob"), ("knock", "knock"), ("knocked", "knock"), ("knocker", "knocker"),
        ("knockers", "knocker"), ("knocking", "knock"), ("knocks", "knock"), ("knopp", "knopp"),
        ("knot", "knot"), ("knots", "knot"), ("ties", "tie"), ("cries", "cri"), ("gas", "gas"),
        ("this", "this"), ("gaps", "gap"), ("kiwis", "kiwi"), ("luxuriated", "luxuri"),
        ("hopped", "hop"), ("hoped", "hope"), ("cry", "cri"), ("by", "by"), ("say", "say"),
        ("skis", "ski"), ("news", "news"), ("inning", "inning"), ("succeed", "succeed"),
        ("generate", "generat"), ("communism", "communism"), ("arsenal", "arsenal"),
    ])
    func stemsAreThoseOfTheVocabulary(word: String, stem: String) {
        let found = EnglishStemmer.stem(Array(word.utf8)) ?? Array(word.utf8)
        #expect(String(decoding: found, as: UTF8.self) == stem)
    }

    @Test func otherWordsStay() {
        for word in ["größen", "12s", "", "a", "ab"] {
            #expect(EnglishStemmer.stem(Array(word.utf8)) == nil)
        }
    }
}
