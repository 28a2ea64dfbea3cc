"""The real programs against `nightschool serve`: installed outside the tree, driven, and looked up in the store."""
