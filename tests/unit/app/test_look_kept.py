from annotator.app.cloud_settings import Look
from annotator.geometry.colouring import ColourBy, ColourMap


def test_a_look_is_kept_for_the_next_start() -> None:
    look = Look(colour_map=ColourMap.DUSK, grid=True, legend=False, panes=False, tints=False)

    assert Look.from_kept(look.kept()) == look


def test_what_belongs_to_a_scan_is_not_kept() -> None:
    look = Look(slab_m=(0.1, 2.0), hidden=frozenset({3}), faded=frozenset({4}))

    assert Look.from_kept(look.kept()) == Look()


def test_what_nobody_knows_any_more_is_passed_over() -> None:
    kept = {"colour_map": "rainbow", "panes": "yes", "wings": True, "grid": True}

    assert Look.from_kept(kept) == Look(grid=True)


def test_how_points_are_coloured_and_how_large_they_are_is_kept() -> None:
    look = Look(colour_by=ColourBy.INTENSITY, point_px=4, hides_ceiling=True)

    assert Look.from_kept(look.kept()) == look
    assert Look.from_kept({"point_px": 99, "colour_by": "smell"}).point_px == 8
