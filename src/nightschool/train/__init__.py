"""Train behaviour: a frozen dataset and a base go in, a LoRA adapter comes out.

Always from the base and always in a child process, so that neither a crash nor the training stack
reaches the rest. Nothing here chooses what is learned; that is `curate`.
"""

from nightschool.train.child import train
from nightschool.train.estimate import Estimate, estimate
from nightschool.train.job import Job
from nightschool.train.trained import Progress, Refused, Trained

__all__ = ["Estimate", "Job", "Progress", "Refused", "Trained", "estimate", "train"]
