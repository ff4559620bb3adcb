"""What xarray, duckdb, pandas and polars read in the folder of a batch, as JSON."""

import csv
import json
import re
import sys

import duckdb
import pandas
import polars
import xarray

folder = sys.argv[1]
PERCENTS = [1, 5, 10, 25, 50, 75, 90, 95, 99]


def slug(text):
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")


def quantiles():
    data = xarray.open_dataset(f"{folder}/quantiles.nc")
    compared, different = 0, []
    seen = {}
    for row in csv.DictReader(open(f"{folder}/quantiles.csv")):
        step = "year" if len(row["time"]) == 4 else "month"
        stem = f"{row['quantity']}_{slug(row['place'])}_{step}"
        key = (row["run"], stem)
        time = seen[key] = seen.get(key, -1) + 1
        run = list(data["run"].values).index(int(row["run"]))
        found = [float(data[f"{stem}_mean"][run, time])]
        found += [float(number) for number in data[stem][run, :, time].values]
        told = [float(row["mean"])] + [float(row[f"p{percent:02}"]) for percent in PERCENTS]
        compared += len(told)
        different += [[key, time]] if found != told else []
    bounds = data["year_bounds"].values[-1]
    return {
        "compared": compared,
        "different": different,
        "conventions": data.attrs["Conventions"],
        "last year": [str(day)[:10] for day in bounds],
    }


def with_duckdb():
    metrics = duckdb.sql(
        f"select count(*), count(distinct run), max(member) from '{folder}/metrics.parquet'"
    ).fetchall()[0]
    place = f"from '{folder}/series/*/*.parquet' where run = 2 and place = 'Border'"
    rows = duckdb.sql(f"select count(*), any_value(run), min(time), max(time) {place}").fetchall()[0]
    mean = duckdb.sql(f"select avg(value) {place}").fetchall()[0][0]
    return {"metrics": metrics, "place": [*rows[:2], *(str(day)[:10] for day in rows[2:])], "mean": round(mean, 9)}


def with_pandas():
    metrics = pandas.read_parquet(f"{folder}/metrics.parquet")
    filters = [("run", "==", 2), ("place", "==", "Border")]
    place = pandas.read_parquet(f"{folder}/series", filters=filters)
    days = [str(day)[:10] for day in (place["time"].min(), place["time"].max())]
    return {
        "metrics": [len(metrics), metrics["run"].nunique(), int(metrics["member"].max())],
        "place": [len(place), int(place["run"].iloc[0]), *days],
        "mean": round(place["value"].mean(), 9),
    }


def with_polars():
    metrics = polars.read_parquet(f"{folder}/metrics.parquet")
    series = polars.scan_parquet(f"{folder}/series/**/*.parquet", hive_partitioning=True)
    place = series.filter(run=2, place="Border").collect()
    days = [str(day) for day in (place["time"].min(), place["time"].max())]
    return {
        "metrics": [len(metrics), metrics["run"].n_unique(), metrics["member"].max()],
        "place": [len(place), place["run"][0], *days],
        "mean": round(place["value"].mean(), 9),
    }


readers = {"duckdb": with_duckdb(), "pandas": with_pandas(), "polars": with_polars()}
print(json.dumps({"quantiles": quantiles(), **readers}))
