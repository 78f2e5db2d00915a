"""The commands of the terminal, one module per subject; each adds its own to the parser."""
