"""What the model is told of the person in the prompt."""
