"""A theme reaches every widget, follows the desktop, and costs nothing at start-up."""

import subprocess
import sys

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QImage, QPalette
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QLabel,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
)
from pytestqt.qtbot import QtBot

from workbench.ui.theme import fonts, icons, stylesheet, theme, tokens
from workbench.ui.theme.tokens import DARK, LIGHT


@pytest.fixture(autouse=True)
def _light_again(qapp: QApplication) -> object:
    """Each test ends with the application as it was."""
    yield
    theme.apply(qapp, "light")
    qapp.setStyleSheet("")
    qapp.setPalette(QPalette())


def _colours(image: QImage) -> set[str]:
    return {
        image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())
    }


@pytest.mark.parametrize(("name", "expected"), [("light", LIGHT), ("dark", DARK)])
def test_a_theme_sets_tokens_palette_and_sheet(
    qapp: QApplication, name: str, expected: tokens.Tokens
) -> None:
    theme.apply(qapp, name)
    assert tokens.current() is expected
    assert qapp.palette().color(QPalette.ColorRole.Window) == QColor(expected.background)
    assert expected.accent in qapp.styleSheet()


def test_an_unknown_theme_is_refused(qapp: QApplication) -> None:
    with pytest.raises(ValueError, match="purple"):
        theme.apply(qapp, "purple")


def test_a_change_is_announced_after_the_tokens_are_new(qapp: QApplication) -> None:
    seen: list[bool] = []
    theme.apply(qapp, "light")

    def on_changed() -> None:
        seen.append(tokens.current().dark)

    theme.changes.theme_changed.connect(on_changed)
    theme.apply(qapp, "dark")
    theme.changes.theme_changed.disconnect(on_changed)
    assert seen == [True]


@pytest.mark.parametrize(("chosen", "followed"), [("system", True), ("light", False)])
def test_only_the_system_theme_follows_the_desktop(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch, chosen: str, followed: bool
) -> None:
    theme.apply(qapp, chosen)
    # The offscreen platform has no desktop that could change its scheme.
    monkeypatch.setattr(theme, "system_tokens", lambda _app: DARK)
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert (tokens.current() is DARK) is followed


def test_every_token_of_the_sheet_exists() -> None:
    for each in (LIGHT, DARK):
        assert "$" not in stylesheet.sheet(each)


def test_the_run_button_is_filled_and_turns_red(qapp: QApplication, qtbot: QtBot) -> None:
    theme.apply(qapp, "light")
    button = QPushButton("Run")
    button.setObjectName("runButton")
    qtbot.addWidget(button)
    button.show()
    assert LIGHT.accent in _colours(button.grab().toImage())
    theme.set_danger(button, True)
    red = _colours(button.grab().toImage())
    assert LIGHT.danger in red
    assert LIGHT.accent not in red
    theme.set_danger(button, False)
    assert LIGHT.accent in _colours(button.grab().toImage())


def test_a_combo_box_has_an_arrow(qapp: QApplication, qtbot: QtBot) -> None:
    theme.apply(qapp, "light")
    box = QComboBox()
    qtbot.addWidget(box)
    box.resize(120, 28)
    box.show()
    image = box.grab().toImage()
    right = {image.pixelColor(x, y).name() for x in range(92, 116) for y in range(8, 20)}
    assert len(right) > 1


def test_tree_rows_are_26_pixels_high(qapp: QApplication, qtbot: QtBot) -> None:
    theme.apply(qapp, "light")
    tree = QTreeWidget()
    qtbot.addWidget(tree)
    tree.show()
    row = QTreeWidgetItem(["row"])
    tree.addTopLevelItem(row)
    assert tree.visualItemRect(row).height() == 26


@pytest.mark.parametrize(("token", "expected"), [("accent", "accent"), ("danger", "danger")])
def test_an_icon_has_its_token_s_colour_and_follows_the_theme(
    qapp: QApplication, token: str, expected: str
) -> None:
    drawn = icons.icon("square", token)
    for name, colours in (("light", LIGHT), ("dark", DARK)):
        theme.apply(qapp, name)
        image = drawn.pixmap(QSize(32, 32)).toImage()
        assert image.pixelColor(16, 16) == QColor(getattr(colours, expected))


def test_icons_are_made_once() -> None:
    assert icons.icon("play", "accent") is icons.icon("play", "accent")


def test_an_icon_of_an_unknown_colour_is_refused() -> None:
    with pytest.raises(ValueError, match="pink"):
        icons.icon("play", "pink")


def test_the_icon_font_is_loaded_only_when_an_icon_is_drawn() -> None:
    script = (
        "import sys\n"
        "from PySide6.QtWidgets import QApplication\n"
        "from workbench.ui.theme import icons, theme\n"
        "app = QApplication([])\n"
        "theme.apply(app, 'dark')\n"
        "made = icons.icon('play')\n"
        "assert 'qtawesome' not in sys.modules\n"
        "made.pixmap(16, 16)\n"
        "assert 'qtawesome' in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


def test_fonts_are_13_pixels_and_code_is_monospaced(qapp: QApplication) -> None:
    assert fonts.ui().pixelSize() == fonts.code().pixelSize() == 13
    label = QLabel()
    label.setFont(fonts.code())
    metrics = label.fontMetrics()
    assert metrics.horizontalAdvance("i") == metrics.horizontalAdvance("W")


def test_a_chosen_family_comes_first(qapp: QApplication) -> None:
    assert fonts.code(family="Iosevka").families()[0] == "Iosevka"


def test_motion_is_short_and_stops_when_the_desktop_asks(qapp: QApplication) -> None:
    theme.apply(qapp, "light")
    assert theme.motion_ms(qapp, 1000) in (0, 150)
    qapp.setEffectEnabled(Qt.UIEffect.UI_General, False)
    assert theme.motion_ms(qapp, 100) == 0
    qapp.setEffectEnabled(Qt.UIEffect.UI_General, True)
