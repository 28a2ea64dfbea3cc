"""Where facts go in each architecture: the module is found, read and steered, and refused where there is none."""

import pytest
import torch

from nightschool.edit.site import reading, recording, sites, standing_in, steering
from nightschool.errors import UserError
from tests import tiny

IDS = torch.tensor([[5, 9, 3, 7, 2, 8]])


@pytest.mark.parametrize("name", list(tiny.FAMILIES))
def test_every_architecture_has_a_site_in_each_block(name):
    network = tiny.network(name)
    found = sites(network)
    assert [site.layer for site in found] == [0, 1]
    kind = "o_proj" if name == "qwen3_moe" else "c_proj" if name == "gpt2" else "down_proj"
    assert all(site.name.endswith(kind) for site in found)
    with reading(found) as seen:
        network(IDS)
    assert all(seen[site.layer].shape == (1, 6, site.d_in) for site in found)


@pytest.mark.parametrize("name", list(tiny.FAMILIES))
def test_a_change_is_added_where_it_is_wanted_and_leaves_no_trace(name):
    network = tiny.network(name)
    found = sites(network)
    change = torch.zeros(1, 6, found[1].d_out)
    change[0, 3] = 5.0
    with torch.no_grad():
        before = network(IDS).logits
        with steering(found[1:], {1: change}):
            steered = network(IDS).logits
        after = network(IDS).logits
    assert torch.equal(before, after)
    assert torch.equal(before[:, :3], steered[:, :3])
    assert not torch.allclose(before[:, 3:], steered[:, 3:])


@pytest.mark.parametrize("name", list(tiny.FAMILIES))
def test_blocks_that_stand_still_give_what_they_gave(name):
    network = tiny.network(name)
    top = sites(network)[1]
    with torch.no_grad():
        with recording(network, top) as outputs:
            before = network(IDS).logits
        with standing_in(network, top, outputs[0]):
            still = network(IDS).logits
        assert torch.allclose(before, still, atol=1e-5)
        assert torch.equal(network(IDS).logits, before)


def test_a_network_without_a_known_module_is_refused():
    network = tiny.network("llama")
    for layer in network.model.layers:
        layer.mlp.out = layer.mlp.down_proj
        layer.self_attn.out = layer.self_attn.o_proj
        del layer.mlp.down_proj, layer.self_attn.o_proj
    with pytest.raises(UserError, match="cannot be written"):
        sites(network)
