"""The documentation site of the Engaging Men Learning Initiative, made from YAML."""

__version__ = "0.1.0"
