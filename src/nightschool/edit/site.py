"""The modules that an edit may change, and reading and steering them in a running network.

A site is the projection that writes a block's MLP back to the residual stream (`down_proj`, `c_proj`);
where blocks hold several experts, the attention's output projection. Keys are its inputs, wanted
changes are added to its outputs. Nothing here writes to a tensor of the network.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from nightschool.errors import UserError

_BLOCK = r"^(?P<block>(?:.*\.)?(?:layers|h|blocks)\.(?P<layer>\d+))"
_MLP = re.compile(_BLOCK + r"\.(?:mlp|feed_forward)\.(?:down_proj|c_proj|w2)$")
_ATTENTION = re.compile(_BLOCK + r"\.(?:self_attn|attn|attention)\.(?:o_proj|c_proj|out_proj)$")


@dataclass(frozen=True, kw_only=True, slots=True)
class Site:
    """One editable module of a network."""

    layer: int
    name: str
    block: str
    """Name of the transformer block that holds it."""
    module: nn.Module
    d_in: int
    d_out: int


def sites(network: nn.Module) -> list[Site]:
    """List the editable modules by layer.

    Raises UserError where the network has none that is known, or not one in every block.
    """
    for pattern in (_MLP, _ATTENTION):
        found = sorted(
            (
                _site(int(match["layer"]), name, match["block"], module)
                for name, module in network.named_modules()
                if (match := pattern.search(name))
            ),
            key=lambda site: site.layer,
        )
        if found and [site.layer for site in found] == list(range(len(found))) == list(range(_depth(network))):
            return found
    raise UserError(
        f"No module of {type(network).__name__} is known to write a block's output: facts cannot be written into it",
        hint="Facts stay in memory with this base; those shaped like Llama, Qwen, Gemma, Mistral or Phi take them",
    )


def _depth(network: nn.Module) -> int:
    config: Any = network.config
    return int(config.get_text_config().num_hidden_layers)


def _site(layer: int, name: str, block: str, module: nn.Module) -> Site:
    plain: Any = getattr(module, "base_layer", module)
    if hasattr(plain, "in_features"):
        d_in, d_out = plain.in_features, plain.out_features
    else:
        d_in, d_out = plain.weight.shape  # GPT-2's Conv1D stores its weight transposed
    return Site(layer=layer, name=name, block=block, module=module, d_in=d_in, d_out=d_out)


@contextmanager
def reading(chosen: Sequence[Site]) -> Iterator[dict[int, Tensor]]:
    """Collect each site's inputs (batch, time, d_in) of the forward pass run inside."""
    seen: dict[int, Tensor] = {}

    def hook(site: Site) -> Callable[..., None]:
        def keep(module: nn.Module, inputs: tuple[Tensor, ...]) -> None:
            seen[site.layer] = inputs[0].detach()

        return keep

    with ExitStack() as stack:
        for site in chosen:
            stack.callback(site.module.register_forward_pre_hook(hook(site)).remove)
        yield seen


@contextmanager
def steering(chosen: Sequence[Site], changes: dict[int, Tensor]) -> Iterator[dict[int, Tensor]]:
    """Add changes (batch, time, d_out), by layer, to each site's output inside; yields the outputs as they were."""
    seen: dict[int, Tensor] = {}

    def hook(site: Site) -> Callable[..., Tensor]:
        def add(module: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> Tensor:
            seen[site.layer] = output.detach()
            change = changes.get(site.layer)
            return output if change is None else output + change.to(output.dtype)

        return add

    with ExitStack() as stack:
        for site in chosen:
            stack.callback(site.module.register_forward_hook(hook(site)).remove)
        yield seen


@contextmanager
def responding(chosen: Sequence[Site], factors: dict[int, tuple[Tensor, Tensor]]) -> Iterator[None]:
    """Let each site add (input · Aᵀ) · B inside: A (batch, rank, d_in) and B (batch, rank, d_out) by layer."""

    def hook(site: Site) -> Callable[..., Tensor]:
        a, b = factors[site.layer]

        def add(module: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> Tensor:
            return output + torch.bmm(torch.bmm(inputs[0].float(), a.transpose(1, 2)), b).to(output.dtype)

        return add

    with ExitStack() as stack:
        for site in chosen:
            stack.callback(site.module.register_forward_hook(hook(site)).remove)
        yield


@contextmanager
def recording(network: nn.Module, first: Site) -> Iterator[list[Any]]:
    """Collect what the block below a site returns; nothing where there is none below."""
    outputs: list[Any] = []
    with ExitStack() as stack:
        below = _below(network, first)
        if below:
            handle = below[-1].register_forward_hook(lambda module, inputs, output: outputs.append(output))
            stack.callback(handle.remove)
        yield outputs


@contextmanager
def standing_in(network: nn.Module, first: Site, output: Any) -> Iterator[None]:
    """Let every block below a site return a recorded output instead of running."""
    below = _below(network, first) if output is not None else []
    try:
        for block in below:
            block.forward = lambda *args, **kwargs: output
        yield
    finally:
        for block in below:
            del block.forward


def _below(network: nn.Module, first: Site) -> list[nn.Module]:
    stem = first.block.removesuffix(str(first.layer))
    return [network.get_submodule(f"{stem}{layer}") for layer in range(first.layer)]
