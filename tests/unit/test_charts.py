"""Where marks stand on the scales of the charts."""

from decimal import Decimal

import pytest

from learning_site import charts


def test_percent_is_its_own_place() -> None:
    scale = charts.percent()
    assert [scale.at(Decimal(value)) for value in ("0", "41.3", "100")] == [0, 41.3, 100]


def test_half_and_double_are_equally_far_from_one() -> None:
    scale = charts.ratios([Decimal("0.5"), Decimal(2)])
    one = scale.at(1)
    assert one - scale.at(Decimal("0.5")) == pytest.approx(scale.at(Decimal(2)) - one, abs=0.02)
    assert one == 50


def test_a_wide_interval_is_drawn_wide_in_proportion() -> None:
    """An interval from 0.16 to 1.39 is 3.1 doublings wide, one from 0.34 to 0.59 is 0.8."""
    scale = charts.ratios([Decimal(v) for v in ("0.16", "1.39", "0.34", "0.59", "2.91")])
    wide, narrow = scale.length(Decimal("0.16"), Decimal("1.39")), scale.length(Decimal("0.34"), Decimal("0.59"))
    assert wide / narrow == pytest.approx(3.119 / 0.795, abs=0.02)


def test_a_scale_of_ratios_names_its_ends_and_holds_every_value_and_one() -> None:
    scale = charts.ratios([Decimal("0.16"), Decimal("2.91")])
    assert [str(tick.value) for tick in scale.ticks] == ["0.125", "0.25", "0.5", "1", "2", "4"]
    assert scale.ticks[0].at == charts.MARGIN
    assert scale.ticks[-1].at == 100 - charts.MARGIN
    below = charts.ratios([Decimal("0.3"), Decimal("0.4")])
    assert [str(tick.value) for tick in below.ticks] == ["0.25", "0.5", "1"]
    far = charts.ratios([Decimal("0.01"), Decimal(20)])
    assert 0 < far.at(Decimal("0.01")) < far.ticks[0].at
    assert far.ticks[-1].at < far.at(20) < 100


@pytest.mark.parametrize(
    ("when", "begins", "ends"),
    [
        ("2014", 2014, 2015),
        ("2014-01", 2014, 2014.083),
        ("2014-12-31", 2014.999, 2015.002),
        ("2014-07", 2014.5, 2014.583),
    ],
)
def test_a_date_lasts_as_long_as_it_says(when: str, begins: float, ends: float) -> None:
    assert charts.as_year(when) == pytest.approx(begins, abs=0.002)
    assert charts.as_year(when, end=True) == pytest.approx(ends, abs=0.002)


def test_years_begin_and_end_whole_with_few_ticks() -> None:
    scale = charts.years(2009.4, 2021.9)
    assert (scale.low, scale.high) == (2009, 2022)
    assert len(scale.ticks) <= charts.MOST_YEAR_TICKS
    assert scale.at(2009) == 0
    assert scale.at(2022) == 100
    assert charts.years(2014.1, 2014.2).ticks[0].value == 2014


def test_what_is_short_can_still_be_seen() -> None:
    scale = charts.years(1990, 2020)
    assert scale.length(2014.0, 2014.01) == charts.NARROWEST
