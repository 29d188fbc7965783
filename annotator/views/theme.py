"""Colours and metrics of the windows, dark by default because CT is read in dark rooms."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

ROW_HEIGHT_PX = 24
_MARKS = (Path(__file__).parent / "marks").as_posix()
"""Where the arrows and ticks of fields are, in colours that both themes carry."""


@dataclass(frozen=True, slots=True)
class Theme:
    """One set of colours, as ``#rrggbb``."""

    name: str
    window: str
    panel: str
    raised: str
    line: str
    text: str
    faint: str
    accent: str
    amber: str
    bad: str
    good: str


DARK = Theme(
    name="dark",
    window="#14161a",
    panel="#1b1e24",
    raised="#262a32",
    line="#30353f",
    text="#d9dce2",
    faint="#8b93a1",
    accent="#4d9fff",
    amber="#ffb347",
    bad="#ff6b6b",
    good="#4cc38a",
)
LIGHT = Theme(
    name="light",
    window="#e9ebef",
    panel="#f7f8fa",
    raised="#ffffff",
    line="#cfd4dc",
    text="#1d2128",
    faint="#626b79",
    accent="#1769d2",
    amber="#a65f00",
    bad="#c62f2f",
    good="#1c7f4d",
)


def theme_named(name: str) -> Theme:
    """Return the light theme by its name, else the dark one."""
    return LIGHT if name == "light" else DARK


def apply_theme(application: QApplication, theme: Theme) -> None:
    """Give every window the theme's colours."""
    application.setStyle("Fusion")
    application.setPalette(_palette(theme))
    application.setStyleSheet(_sheet(theme))


def interface_font() -> QFont:
    """Return the system's interface font at 12.5 px, with Chinese faces to fall back on."""
    font = QFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont))
    families = [
        font.family(),
        "Noto Sans CJK SC",
        "Microsoft YaHei UI",
        "PingFang SC",
        "WenQuanYi Micro Hei",
    ]
    font.setFamilies(families)
    font.setPixelSize(13)
    return font


def numbers_font() -> QFont:
    """Return the interface font with digits of one width."""
    font = interface_font()
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def _palette(theme: Theme) -> QPalette:
    role = QPalette.ColorRole
    colors = {
        role.Window: theme.window,
        role.WindowText: theme.text,
        role.Base: theme.panel,
        role.AlternateBase: theme.window,
        role.ToolTipBase: theme.raised,
        role.ToolTipText: theme.text,
        role.PlaceholderText: theme.faint,
        role.Text: theme.text,
        role.Button: theme.raised,
        role.ButtonText: theme.text,
        role.BrightText: theme.bad,
        role.Link: theme.accent,
        role.Highlight: theme.accent,
        role.HighlightedText: "#ffffff",
        role.Mid: theme.line,
        role.Dark: theme.line,
        role.Accent: theme.accent,
    }
    palette = QPalette()
    for which, color in colors.items():
        palette.setColor(which, QColor(color))
    for which in (role.Text, role.ButtonText, role.WindowText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, QColor(theme.faint))
    return palette


def _sheet(theme: Theme) -> str:
    return f"""
    QMainWindow::separator {{ background: {theme.window}; width: 4px; height: 4px; }}
    QDockWidget {{ color: {theme.faint}; font-weight: 600; }}
    QDockWidget::title {{ background: {theme.window}; padding: 6px 8px; }}
    QListView, QTreeView, QTableView {{ background: {theme.panel}; border: none; outline: none; }}
    QListView::item, QTreeView::item, QTableView::item {{ height: {ROW_HEIGHT_PX}px; }}
    QListView::item:hover, QTreeView::item:hover {{ background: {theme.raised}; }}
    QListView::item:selected {{
        background: {theme.raised}; color: {theme.text}; border-left: 2px solid {theme.accent}; }}
    QTreeView::item, QTableView::item {{ border-left: 2px solid transparent; }}
    QTreeView::item:selected, QTableView::item:selected {{
        background: {theme.raised}; color: {theme.text}; }}
    QTreeView::item:selected:first, QTableView::item:selected:first {{
        border-left: 2px solid {theme.accent}; }}
    QHeaderView::section {{ background: {theme.panel}; color: {theme.faint}; border: none;
        border-bottom: 1px solid {theme.line}; padding: 4px 6px; }}
    QLineEdit, QDoubleSpinBox, QSpinBox, QComboBox, QPlainTextEdit {{ background: {theme.raised};
        border: 1px solid {theme.line}; border-radius: 3px; padding: 2px 6px; min-height: 18px; }}
    QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {{ border: none; width: 16px;
        background: transparent; }}
    QAbstractSpinBox::up-button:hover, QAbstractSpinBox::down-button:hover {{
        background: {theme.line}; }}
    QComboBox::drop-down {{ border: none; width: 20px; }}
    QAbstractSpinBox::up-arrow, QAbstractSpinBox::down-arrow, QComboBox::down-arrow {{
        width: 8px; height: 6px; }}
    QAbstractSpinBox::up-arrow {{ image: url("{_MARKS}/up.svg"); }}
    QAbstractSpinBox::down-arrow, QComboBox::down-arrow {{ image: url("{_MARKS}/down.svg"); }}
    QLineEdit:focus, QDoubleSpinBox:focus, QComboBox:focus {{ border-color: {theme.accent}; }}
    QCheckBox::indicator, QAbstractItemView::indicator {{ width: 13px; height: 13px;
        border: 1px solid {theme.faint}; border-radius: 3px; background: {theme.raised}; }}
    QCheckBox::indicator:hover {{ border-color: {theme.accent}; }}
    QCheckBox::indicator:checked, QAbstractItemView::indicator:checked {{
        background: {theme.accent}; border-color: {theme.accent};
        image: url("{_MARKS}/tick.svg"); }}
    QCheckBox::indicator:disabled {{ border-color: {theme.line}; }}
    QToolBar {{ background: {theme.window}; border: none; spacing: 2px; padding: 4px; }}
    QToolButton {{ border: none; border-radius: 4px; padding: 5px; }}
    QToolButton:hover {{ background: {theme.raised}; }}
    QToolButton:checked {{ background: {theme.raised}; border: 1px solid {theme.accent}; }}
    QPushButton {{ background: {theme.raised}; border: 1px solid {theme.line};
        border-radius: 3px; padding: 4px 12px; }}
    QPushButton:hover {{ border-color: {theme.accent}; }}
    QPushButton:default {{ background: {theme.accent}; color: #ffffff; }}
    QPushButton:disabled {{ background: {theme.panel}; color: {theme.faint}; }}
    QDialogButtonBox {{ dialogbuttonbox-buttons-have-icons: 0; }}
    QStatusBar {{ background: {theme.window}; color: {theme.faint}; padding: 0 8px; }}
    QStatusBar QLabel {{ padding: 0 4px; }}
    QStatusBar::item {{ border: none; }}
    QMenuBar, QMenuBar::item {{ background: {theme.window}; padding: 3px 8px; }}
    QMenuBar::item:selected, QMenu::item:selected {{ background: {theme.raised}; }}
    QMenu {{ background: {theme.panel}; border: 1px solid {theme.line}; padding: 4px; }}
    QMenu::item {{ padding: 4px 24px 4px 12px; }}
    QProgressBar {{ border: 1px solid {theme.line}; border-radius: 3px; text-align: center;
        max-height: 14px; }}
    QProgressBar::chunk {{ background: {theme.accent}; }}
    QToolTip {{ background: {theme.raised}; color: {theme.text}; border: 1px solid {theme.line}; }}
    QScrollBar:vertical {{ background: {theme.panel}; width: 10px; }}
    QScrollBar::handle:vertical {{ background: {theme.line}; border-radius: 4px;
        min-height: 24px; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ height: 0; }}
    QLabel[role="faint"] {{ color: {theme.faint}; }}
    QLabel[role="warning"] {{ color: {theme.amber}; }}
    QLabel[role="error"] {{ color: {theme.bad}; }}
    QLabel[role="heading"] {{ font-weight: 600; }}
    """
