"""Reads the structures of a Parquet file's footer and page index, field by field.

What other libraries show of them leaves out sizes and pages, so Thrift's compact protocol is read
here: a structure becomes a dictionary from field numbers to values.
"""

import struct


class Compact:
    """Reads values one behind the other."""

    def __init__(self, data, place=0):
        self.data, self.place = data, place

    def byte(self):
        self.place += 1
        return self.data[self.place - 1]

    def number(self):
        result = shift = 0
        while True:
            byte = self.byte()
            result |= (byte & 127) << shift
            if byte < 128:
                return result
            shift += 7

    def integer(self):
        number = self.number()
        return (number >> 1) ^ -(number & 1)

    def binary(self):
        count = self.number()
        self.place += count
        return self.data[self.place - count : self.place]

    def value(self, kind, in_list=False):
        if kind in (1, 2):
            return self.byte() == 1 if in_list else kind == 1
        if kind == 3:
            return struct.unpack("b", bytes([self.byte()]))[0]
        if kind in (4, 5, 6):
            return self.integer()
        if kind == 7:
            self.place += 8
            return struct.unpack_from("<d", self.data, self.place - 8)[0]
        if kind == 8:
            return self.binary()
        if kind in (9, 10):
            head = self.byte()
            count = self.number() if head >> 4 == 15 else head >> 4
            return [self.value(head & 15, in_list=True) for _ in range(count)]
        if kind == 12:
            return self.structure()
        raise ValueError(f"a value of kind {kind}")

    def structure(self):
        fields, field = {}, 0
        while head := self.byte():
            field = field + (head >> 4) if head >> 4 else self.integer()
            fields[field] = self.value(head & 15)
        return fields


def footer(data):
    """Returns the FileMetaData of a file's bytes."""
    count = struct.unpack_from("<I", data, len(data) - 8)[0]
    return Compact(data, len(data) - 8 - count).structure()


def structure_at(data, place):
    return Compact(data, place).structure()
