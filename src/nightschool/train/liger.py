"""Liger's kernels in a base's blocks: the same sums on a CUDA card, with less memory and in less time."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

from nightschool.errors import UserError

_WITHOUT = "Take `liger = true` out of [train] in config.toml"


def refuse(device: str = "cuda") -> None:
    """Raise UserError where Liger is not installed, or cannot run on the device that a base is on."""
    if find_spec("liger_kernel") is None:
        raise UserError(
            "`liger = true` under [train] needs Liger's kernels, which are not installed",
            hint='`pip install "nightschool[liger]"`, or take the line out of config.toml',
        )
    if device != "cuda":
        raise UserError(f"Liger's kernels run on CUDA cards, and the base is on {device!r}", hint=_WITHOUT)


def fuse(network: Any) -> None:
    """Put Liger's norms, rotations and feed-forward layers in the place of the base's own.

    Answers are scored by TRL, which does not keep all scores in memory either.
    """
    refuse(network.device.type)
    from liger_kernel.transformers import _apply_liger_kernel_to_instance
    from liger_kernel.transformers.monkey_patch import MODEL_TYPE_TO_APPLY_LIGER_FN

    kind = network.config.model_type
    if kind not in MODEL_TYPE_TO_APPLY_LIGER_FN:
        raise UserError(f"Liger has no kernels for models of the kind {kind!r}", hint=_WITHOUT)
    _apply_liger_kernel_to_instance(model=network, cross_entropy=False, fused_linear_cross_entropy=False)
