"""A row of the benchmark: one line of a table, which is all that a new one takes.

Every statement ends in an aggregate or LIMIT, so that the way of a result out of the engine isn't
what is measured, and gives what can be compared: no order and no sum is left open. None can be
answered from what an engine has noted of its tables, such as sums and bounds. In the text
`{count}` stands for the rows of `facts`, `{half}`, `{tenth}` and so on for parts of them.
"""

from dataclasses import dataclass, field


@dataclass
class Row:
    """One statement, and the words of the peers that say it in others."""

    name: str
    sql: str
    # By the engine's name; None where it has no such thing.
    words: dict = field(default_factory=dict)

    def text_for(self, engine):
        """Gives the text in an engine's dialect; None where it has no words for it."""
        return self.words.get(engine.partition("-")[0], self.sql)

    def over(self, count):
        """Gives the row over a number of facts."""
        parts = {
            "count": count,
            "half": count // 2,
            "quarter": count // 4,
            "eighth": count // 8,
            "tenth": count // 10,
            "hundredth": count // 100,
            "half_hundredth": count // 200,
        }
        texts = {name: text and text.format(**parts) for name, text in self.words.items()}
        return Row(self.name, self.sql.format(**parts), texts)
