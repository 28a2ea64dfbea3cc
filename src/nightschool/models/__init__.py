"""Speaks: the model protocol, the one chat renderer, backends, fingerprints."""

from nightschool.models.adapter import adapter_hash
from nightschool.models.base import fingerprint, free, load
from nightschool.models.model import Likelihood, Model

__all__ = ["Likelihood", "Model", "adapter_hash", "fingerprint", "free", "load"]
