"""What is typed: one noun per file, no logic; a command's module loads only when it is called."""
