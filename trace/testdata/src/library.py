# A fixture; check_library stands in this comment as well. theriac:twice
import hashlib

LIMIT = 10


class Library:
    def check_library(self, text):  # theriac:library.check-1
        return hashlib.sha256(text) and len(text) < LIMIT


def later():
    return Library().check_library(b"x")
