"""A tool whose click is answered by a fit, which may take a moment."""

from collections.abc import Callable
from typing import ClassVar

from annotator.errors import AnnotatorError
from annotator.i18n import gettext as _
from annotator.tools.clicks import why_nothing
from annotator.tools.cloud_scene import CloudTool
from annotator.tools.tool import CLEAR, NOTHING, Pointer, Preview, Reply


class FittingTool(CloudTool):
    """Free → (click) fitting → (the fit is there) Free. While it fits it takes no other click."""

    only_clicks: ClassVar[bool] = True
    _is_fitting = False

    def fitted(self, pointer: Pointer, fit: Callable[[], Reply]) -> Reply:
        """Answer a click by a fit: at once where it is quick, and else when it is there.

        A second click while nothing seems to happen would otherwise add the same thing twice.
        """
        if self._is_fitting:
            return NOTHING
        self._is_fitting = True

        def later() -> Reply:
            try:
                return fit()
            except AnnotatorError as reason:
                return Reply(preview=CLEAR, hint=why_nothing(self.scene, pointer.at_m, reason))
            finally:
                self._is_fitting = False

        return Reply(preview=Preview(beside=(pointer.at_px, _("Fitting…"))), later=later)
