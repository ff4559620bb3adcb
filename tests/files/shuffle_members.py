"""Rewrites a Parquet table of members as pandas writes it: months as texts, rows in another order."""

import sys

import pandas

path = sys.argv[1]
table = pandas.read_parquet(path)
table["month"] = [str(day)[:7] for day in table["month"]]
table["member"] = table["member"].astype("int64")
table = table.sample(frac=1.0, random_state=1)[["value", "month", "member", "site"]]
table.to_parquet(path, index=False)
print("{}")
