"""Reference values of intervals: pip install scipy==1.17.1 numpy==2.4.6; python statistics.py > statistics.json

The bootstrap's figures are those of SciPy's own resampling with many draws, so that they are near and not equal.
"""
import json
import math

import numpy
from scipy import special, stats

random = numpy.random.default_rng(7)
result = {}

result["t"] = [
    {"p": p, "df": df, "quantile": float(stats.t.ppf(p, df)), "cdf": float(stats.t.cdf(1.7, df))}
    for p in (0.6, 0.9, 0.95, 0.975, 0.995, 0.9999)
    for df in (1, 2, 3, 4, 7.5, 10, 29, 30, 100, 999, 50_000, 1_000_000)
]

result["wilson"] = []
for k, n in [(0, 5), (5, 5), (1, 5), (3, 7), (80, 100), (999, 1000), (123_456, 300_000), (300_000, 300_000)]:
    low, high = stats.binomtest(k, n).proportion_ci(0.95, method="wilson")
    result["wilson"].append({"k": k, "n": n, "low": float(low), "high": float(high)})

result["mean"] = []
for values in (random.normal(3, 2, 12), random.lognormal(0, 1, 200), 1e9 + random.uniform(0, 1, 50)):
    interval = stats.t.interval(0.95, len(values) - 1, loc=numpy.mean(values), scale=stats.sem(values))
    result["mean"].append(
        {
            "values": values.tolist(), "mean": float(numpy.mean(values)), "low": float(interval[0]),
            "high": float(interval[1]), "stderr": float(stats.sem(values)), "variance": float(numpy.var(values)),
            "median": float(numpy.median(values)), "p90": float(numpy.percentile(values, 90)),
        }
    )

# The cluster-robust standard error of a mean is that of a regression on a constant (CR1 without the small-sample
# factor of the number of parameters, which is 1): statsmodels' cov_type="cluster" gives the same.
groups = numpy.repeat(numpy.arange(12), random.integers(1, 9, 12))
values = random.normal(0, 1, 12)[groups] + random.normal(0, 0.5, len(groups))
mean = values.mean()
sums = numpy.array([(values[groups == g] - mean).sum() for g in range(12)])
error = math.sqrt(12 / 11 * (sums**2).sum()) / len(values)
low, high = stats.t.interval(0.95, 11, loc=mean, scale=error)
result["cluster"] = {
    "values": values.tolist(), "groups": groups.tolist(), "mean": float(mean), "stderr": error, "low": float(low),
    "high": float(high),
}

result["bootstrap"] = []
for quantile, values in [(0.5, random.lognormal(0, 1, 80)), (0.9, random.normal(10, 3, 150)), (0.5, numpy.arange(5.0))]:
    interval = stats.bootstrap(
        (values,), lambda x, axis: numpy.quantile(x, quantile, axis=axis), n_resamples=50_000, method="percentile",
        confidence_level=0.95, random_state=numpy.random.default_rng(1),
    ).confidence_interval
    result["bootstrap"].append(
        {
            "quantile": quantile, "values": values.tolist(), "value": float(numpy.quantile(values, quantile)),
            "low": float(interval.low), "high": float(interval.high), "spread": float(values.std()),
        }
    )

result["pass"] = [
    {
        "n": n, "c": c, "k": k, "once": float(1 - special.comb(n - c, k) / special.comb(n, k)),
        "always": float(special.comb(c, k) / special.comb(n, k)),
    }
    for n in (1, 3, 5, 10, 40)
    for c in range(0, n + 1, max(1, n // 5))
    for k in (1, 2, 3, n)
    if k <= n
]

print(json.dumps(result, indent=1))
