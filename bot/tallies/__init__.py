"""Anonymous tallies for partners, off by default (docs/tallies.md, DECISIONS.md 92).

counting.py decides what is counted and when; books.py holds the running numbers; months.py writes
a month that is over.
"""
