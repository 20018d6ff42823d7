"""The room that tells: outcomes, verdicts, and every form in which they reach a person or a tool."""
