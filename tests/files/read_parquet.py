"""What pyarrow, pandas and duckdb read in a Parquet file, as JSON; numbers as their bits."""

import json
import struct
import sys

import duckdb
import pandas
import pyarrow.parquet

path = sys.argv[1]


def plain(value):
    if isinstance(value, float):
        return struct.pack(">d", value).hex()
    if hasattr(value, "isoformat"):
        return value.isoformat()[:10]
    return value


def columns(read):
    return {name: [plain(value) for value in values] for name, values in read.items()}


file = pyarrow.parquet.ParquetFile(path)
schema = file.schema_arrow
relation = duckdb.read_parquet(path)
print(
    json.dumps(
        {
            "pyarrow": columns(file.read().to_pydict()),
            "pandas": columns(pandas.read_parquet(path).to_dict("list")),
            "duckdb": columns(dict(zip(relation.columns, zip(*relation.fetchall())))),
            "schema": [f"{field.name}: {field.type}{'' if field.nullable else ' not null'}" for field in schema],
            "row groups": [file.metadata.row_group(group).num_rows for group in range(file.num_row_groups)],
            "created by": file.metadata.created_by,
            "notes": {key.decode(): value.decode() for key, value in file.metadata.metadata.items()},
        }
    )
)
