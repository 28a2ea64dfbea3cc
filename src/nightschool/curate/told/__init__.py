"""What the person tells of themselves, of those near and of their projects, clause by clause."""
