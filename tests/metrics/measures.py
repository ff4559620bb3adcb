"""Measures of two monthly series, computed with numpy and scipy: reads and prints JSON."""

import json
import sys

import numpy
import scipy.stats

given = json.load(sys.stdin)
natural, altered = numpy.array(given["natural"]), numpy.array(given["altered"])
percents = numpy.array(given["percents"])


def supply():
    demanded = natural > 0
    asked = natural[demanded]
    missing = numpy.maximum(asked - altered[demanded], 0)
    failed = missing > numpy.maximum(1e-6, 1e-6 * asked)
    recovered = failed[:-1] & ~failed[1:]
    reliability = 1 - failed.mean()
    resilience = recovered.sum() / failed.sum()
    vulnerability = missing[failed].sum() / asked[failed].sum()
    spells = numpy.split(numpy.arange(failed.size), numpy.flatnonzero(numpy.diff(failed)) + 1)
    greatest = [missing[spell].max() for spell in spells if failed[spell[0]]]
    return [
        reliability,
        (asked - missing).sum() / asked.sum(),
        resilience,
        vulnerability,
        numpy.mean(greatest),
        missing.max(),
        scipy.stats.gmean([reliability, resilience, 1 - vulnerability]),
    ]


def spells(threshold):
    below = numpy.concatenate([[False], altered < threshold, [False]]).astype(int)
    starts, ends = numpy.flatnonzero(numpy.diff(below) == 1), numpy.flatnonzero(numpy.diff(below) == -1)
    return [(start, end - start, (threshold - altered[start:end]).sum()) for start, end in zip(starts, ends)]


def index():
    scores = numpy.empty_like(natural)
    for month in range(12):
        flows = natural[month::12]
        ranks = scipy.stats.rankdata(flows, method="average")
        scores[month::12] = scipy.stats.norm.ppf((ranks - 0.44) / (flows.size + 0.12))
    return scores


def indicators(flows):
    years = flows.reshape(-1, 12)
    threes = numpy.lib.stride_tricks.sliding_window_view(years, 3, axis=1).mean(axis=2)
    extremes = [years.min(axis=1), threes.min(axis=1), years.max(axis=1), threes.max(axis=1)]
    return numpy.column_stack([years, *extremes, years.argmin(axis=1), years.argmax(axis=1)])


def alteration():
    before, after = indicators(natural), indicators(altered)
    for time in [16, 17]:
        usual = numpy.bincount(before[:, time].astype(int), minlength=12).argmax()
        for values in [before, after]:
            values[:, time] = numpy.mod(values[:, time] - usual + 6, 12) - 6
    low, high = numpy.percentile(before, [25, 75], axis=0)
    # Means of three are rounded otherwise than here; the ends of a range are flows of some years.
    slack = 1e-9

    def within(values):
        return ((values >= low - slack) & (values <= high + slack)).sum(axis=0)

    return within(after) / within(before) - 1


runs = spells(60.0)
parts = alteration()
told = {
    "percentiles": numpy.percentile(altered, percents),
    "mean": altered.mean(),
    "duration": numpy.quantile(altered, 1 - percents / 100),
    "supply": supply(),
    "longest": max(runs, key=lambda run: run[1]),
    "severest": max(runs, key=lambda run: run[2]),
    "spells": [len(runs), sum(run[1] for run in runs)],
    "index": index(),
    "months": parts[:12],
    "extremes": parts[12:16],
    "times": parts[16:],
    "overall": numpy.sqrt((parts**2).mean()),
}
print(json.dumps(told, default=lambda value: value.tolist()))
