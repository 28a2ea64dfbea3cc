"""The made-up world: what pupil knows, how it is asked, and what a right answer is.

Pure Python from seeds; it loads no model and keeps no state. Everything that pupil is
trained on and examined with is written here.
"""
