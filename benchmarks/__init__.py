"""The room that measures: how soon a run says what it found, and what that costs."""
