"""One simulated person's days with a model, and what a night after each day makes of them."""
