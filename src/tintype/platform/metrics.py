"""Counters and histograms for paths that are hotter than a lock: plain numbers, shown to Prometheus when it asks.

They are written by the event loop alone. Names and labels are as with `prometheus_client`, whose registry shows them.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence

from prometheus_client import REGISTRY
from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector


class Count:
    """One series of a counter."""

    __slots__ = ("value",)

    def __init__(self) -> None:
        self.value = 0.0

    def inc(self, by: float = 1) -> None:
        self.value += by


class FastCounter(Collector):
    """A counter with labels."""

    def __init__(self, name: str, text: str, labels: Sequence[str]) -> None:
        self._name, self._text, self._labels = name.removesuffix("_total"), text, labels
        self._series: dict[tuple[str, ...], Count] = {}
        REGISTRY.register(self)

    def labels(self, *values: str) -> Count:
        """The series with these labels."""
        found = self._series.get(values)
        if found is None:
            assert len(values) == len(self._labels), f"{self._name} has other labels"
            found = self._series[values] = Count()
        return found

    def collect(self) -> Iterable[Metric]:
        family = CounterMetricFamily(self._name, self._text, labels=self._labels)
        for values, series in list(self._series.items()):
            family.add_metric(values, series.value)
        yield family


class Distribution:
    """One series of a histogram."""

    __slots__ = ("bounds", "counts", "total")

    def __init__(self, bounds: Sequence[float]) -> None:
        self.bounds = bounds
        self.counts = [0] * (len(bounds) + 1)
        self.total = 0.0

    def observe(self, value: float) -> None:
        self.counts[bisect_left(self.bounds, value)] += 1
        self.total += value


class FastHistogram(Collector):
    """A histogram with labels."""

    def __init__(self, name: str, text: str, labels: Sequence[str], *, buckets: Sequence[float]) -> None:
        self._name, self._text, self._labels, self._bounds = name, text, labels, list(buckets)
        self._series: dict[tuple[str, ...], Distribution] = {}
        REGISTRY.register(self)

    def labels(self, *values: str) -> Distribution:
        """The series with these labels."""
        found = self._series.get(values)
        if found is None:
            assert len(values) == len(self._labels), f"{self._name} has other labels"
            found = self._series[values] = Distribution(self._bounds)
        return found

    def collect(self) -> Iterable[Metric]:
        family = HistogramMetricFamily(self._name, self._text, labels=self._labels)
        for values, series in list(self._series.items()):
            up_to, buckets = 0, []
            for bound, count in zip([*map(str, map(float, self._bounds)), "+Inf"], series.counts, strict=True):
                up_to += count
                buckets.append((bound, up_to))
            family.add_metric(values, buckets, series.total)
        yield family
