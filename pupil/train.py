"""Train pupil from nothing: `python pupil/train.py --out src/nightschool/pupil`, more than four hours on two cores.

Hidden matrices learn with Muon, the rest with AdamW; the rate is held and then falls to nothing in
the last phases, which also bring conversations of up to 2,048 tokens. One worker for each core, each
with one thread and its own stream, averages gradients once a step: on two shared cores that reads
twice as many tokens a second as one worker with two threads.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path

import phases
import probe
import stream
import torch
import words
from torch import distributed, multiprocessing
from torch.nn import functional
from transformers import AutoTokenizer, LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

SEED = 7
SIZES = {
    "2m": (96, 5, 1152),
    "3m": (128, 5, 1280),
    "8m": (192, 6, 1920),
    "60m": (512, 10, 3072),
}
"""Name -> width, layers, columns of each MLP. `3m` is the one that comes with the project; `60m` asks for a GPU."""
STATE = "state.pt"
TOKENS = 3072
"""What one worker reads in one step, about."""


def arguments(argv: list[str] | None = None) -> argparse.Namespace:
    """Read the dials."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True, help="folder for the model")
    parser.add_argument("--size", choices=SIZES, default="3m", help="about how many weights; the next three change it")
    parser.add_argument("--hidden", type=int, help="width, a multiple of 32")
    parser.add_argument("--layers", type=int)
    parser.add_argument("--columns", type=int, help="columns of each MLP")
    parser.add_argument("--steps", type=int, default=phases.PHASES[-1].end)
    parser.add_argument("--muon-rate", type=float, default=0.02)
    parser.add_argument("--adam-rate", type=float, default=3e-3)
    parser.add_argument("--workers", type=int, default=2, help="cores to use; more than there are is slower by far")
    parser.add_argument("--minutes-per-save", type=float, default=4.0)
    parser.add_argument("--state", type=Path, default=None, help="folder for what `--resume` needs")
    parser.add_argument("--resume", type=Path, default=None, help="folder that `--state` of an earlier run named")
    parser.add_argument(
        "--first", type=int, default=0, help="the step to resume at where the folder holds weights alone"
    )
    options = parser.parse_args(argv)
    for name, value in zip(("hidden", "layers", "columns"), SIZES[options.size], strict=True):
        if getattr(options, name) is None:
            setattr(options, name, value)
    return options


def build(options: argparse.Namespace, tokenizer: PreTrainedTokenizerFast) -> LlamaForCausalLM:
    """Make the untrained model."""
    torch.manual_seed(SEED)
    heads = options.hidden // 32
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=options.hidden,
        intermediate_size=options.columns,
        num_hidden_layers=options.layers,
        num_attention_heads=heads,
        num_key_value_heads=heads,
        max_position_embeddings=4096,
        tie_word_embeddings=True,
        bos_token_id=None,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    return LlamaForCausalLM(config)


def optimizers(model: LlamaForCausalLM, options: argparse.Namespace) -> list[torch.optim.Optimizer]:
    """Give hidden matrices to Muon and embeddings and norms to AdamW."""
    hidden = [
        p for name, p in model.named_parameters() if p.ndim == 2 and "embed" not in name and "lm_head" not in name
    ]
    taken = {id(p) for p in hidden}
    rest = [p for p in model.parameters() if id(p) not in taken]
    made: list[torch.optim.Optimizer] = [
        torch.optim.AdamW(rest, lr=options.adam_rate, betas=(0.9, 0.98), weight_decay=0.0)
    ]
    if options.muon_rate > 0:
        made.append(
            torch.optim.Muon(hidden, lr=options.muon_rate, momentum=0.95, weight_decay=0.01, adjust_lr_fn="original")
        )
    else:
        made.append(torch.optim.AdamW(hidden, lr=options.adam_rate, betas=(0.9, 0.98), weight_decay=0.01))
    for optimizer in made:
        for group in optimizer.param_groups:
            group["peak"] = group["lr"]
    return made


def loss_of(model: LlamaForCausalLM, batch: stream.Batch) -> torch.Tensor:
    """Measure the weighted loss; only the tokens that count pass through the output layer."""
    weights = batch.weights[:, 1:].flatten()
    counted = weights.nonzero()[:, 0]
    # A fixed number of rows: the output layer would be compiled anew for every other one.
    spare = -len(counted) % 512
    counted = functional.pad(counted, (0, spare))
    chosen = functional.pad(weights[counted[: len(counted) - spare]], (0, spare))
    with torch.autocast("cpu", dtype=torch.bfloat16):
        # Without a mask, a jump of the positions would be read as two rows packed into one.
        kept = torch.ones_like(batch.ids)
        read = model.model(input_ids=batch.ids, attention_mask=kept, position_ids=batch.positions, use_cache=False)
        hidden = read.last_hidden_state[:, :-1]
        logits = model.lm_head(hidden.flatten(0, 1)[counted])
    losses = functional.cross_entropy(logits.float(), batch.ids[:, 1:].flatten()[counted], reduction="none")
    return (losses * chosen).sum() / chosen.sum()


def save(model: LlamaForCausalLM, tokenizer: PreTrainedTokenizerFast, folder: Path) -> None:
    """Write the model and its tokenizer where they can be loaded by name."""
    model.generation_config.max_new_tokens = 64
    model.generation_config.do_sample = False
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    (folder / "model.safetensors").chmod(0o644)


def average(model: LlamaForCausalLM) -> None:
    """Give every worker the mean of all workers' gradients."""
    held = [p.grad for p in model.parameters() if p.grad is not None]
    flat = torch.cat([grad.flatten() for grad in held])
    distributed.all_reduce(flat)
    flat /= distributed.get_world_size()
    for grad, part in zip(held, flat.split([grad.numel() for grad in held]), strict=True):
        grad.copy_(part.view_as(grad))


def worker(rank: int, options: argparse.Namespace, meeting: str) -> None:
    """Train in step with the other workers; the first one saves and prints."""
    torch.set_num_threads(1)
    distributed.init_process_group("gloo", init_method=f"file://{meeting}", rank=rank, world_size=options.workers)
    tokenizer = AutoTokenizer.from_pretrained(options.resume) if options.resume else words.learn(SEED)
    model = build(options, tokenizer)
    made = optimizers(model, options)
    first = 0
    if options.resume:
        model.load_state_dict(LlamaForCausalLM.from_pretrained(options.resume).state_dict())
        first = options.first
        if (options.resume / STATE).exists():
            state = torch.load(options.resume / STATE)
            for optimizer, held in zip(made, state["optimizers"], strict=True):
                optimizer.load_state_dict(held)
            first = state["step"]
    if rank == 0:
        print(f"{model.num_parameters():,} parameters, {len(tokenizer)} tokens", file=sys.stderr)
    run(options, rank, model, tokenizer, made, first)
    distributed.destroy_process_group()


def run(
    options: argparse.Namespace,
    rank: int,
    model: LlamaForCausalLM,
    tokenizer: PreTrainedTokenizerFast,
    made: list[torch.optim.Optimizer],
    first: int,
) -> None:
    """Go through the steps from the first one."""
    began = saved = time.monotonic()
    seen, smooth, phase, source = 0, 0.0, None, iter(())
    for step in range(first, options.steps):
        now, rate = phases.phase_at(step, options.steps)
        if now is not phase:
            phase = now
            source = stream.batches(
                tokenizer,
                f"{SEED}:{rank}:{step}",
                TOKENS,
                phase.long_share,
                phase.mix,
                phase.other_weight,
                phase.contrast_share,
                phase.skip_share,
            )
        batch = next(source)
        loss = advance(model, made, batch, rate)
        seen += batch.ids.numel() * options.workers
        smooth = loss if step == first else 0.98 * smooth + 0.02 * loss
        if rank != 0:
            continue
        last = step == options.steps - 1
        minutes = (time.monotonic() - began) / 60
        if step % 50 == 0:
            print(
                f"{step} {phase.name} loss {smooth:.4f}, {minutes:.1f} min, {seen / minutes / 60:.0f} tokens/s",
                file=sys.stderr,
                flush=True,
            )
        if step % 400 == 399 or last:
            figures = {"step": step, "tokens": seen, "minutes": round(minutes, 1)} | probe.figures(model, tokenizer)
            print(json.dumps(figures), file=sys.stdout if last else sys.stderr, flush=True)
        if time.monotonic() - saved > 60 * options.minutes_per_save or last:
            save(model, tokenizer, options.out)
            if options.state:
                save(model, tokenizer, options.state)
                held = {"step": step + 1, "optimizers": [optimizer.state_dict() for optimizer in made]}
                torch.save(held, options.state / STATE)
            saved = time.monotonic()


def advance(model: LlamaForCausalLM, made: list[torch.optim.Optimizer], batch: stream.Batch, rate: float) -> float:
    """Take one step at a share of the peak rate and return this worker's loss."""
    for optimizer in made:
        for group in optimizer.param_groups:
            group["lr"] = group["peak"] * rate
    # On short rows eager attention is a fifth faster in all; on rows of 2,048 it is three times slower.
    model.set_attn_implementation("eager" if batch.ids.shape[1] <= 400 else "sdpa")
    loss = loss_of(model, batch)
    loss.backward()
    average(model)
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    for optimizer in made:
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
    return loss.item()


def main() -> None:
    """Start the workers; progress goes to stderr, the last figures to stdout."""
    options = arguments()
    with tempfile.TemporaryDirectory() as folder:
        multiprocessing.spawn(worker, args=(options, f"{folder}/meeting"), nprocs=options.workers)


if __name__ == "__main__":
    main()
