"""Every pair of colours that the window draws is readable (WCAG 2.2 AA)."""

import re
from dataclasses import fields

import pytest

from workbench.ui.theme.tokens import DARK, LIGHT, SHAPE_PAIRS, TEXT_PAIRS, Tokens


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """The WCAG contrast ratio of two "#rrggbb" colours, 1 to 21."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_the_contrast_formula_knows_its_two_ends() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#777777") == 1


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_text_on_its_ground_has_four_and_a_half_to_one(theme: Tokens) -> None:
    poor = {
        pair: round(found, 2)
        for pair in TEXT_PAIRS
        if (found := contrast(getattr(theme, pair[0]), getattr(theme, pair[1]))) < 4.5
    }
    assert not poor


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_shapes_that_carry_meaning_have_three_to_one(theme: Tokens) -> None:
    poor = {
        pair: round(found, 2)
        for pair in SHAPE_PAIRS
        if (found := contrast(getattr(theme, pair[0]), getattr(theme, pair[1]))) < 3
    }
    assert not poor


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_every_colour_is_six_hex_digits(theme: Tokens) -> None:
    for field in fields(theme):
        value = getattr(theme, field.name)
        if isinstance(value, str):
            assert re.fullmatch("#[0-9a-f]{6}", value), field.name
