"""What a drill says at its end."""


def say(passed: bool, figures: str) -> bool:
    """Prints the figures, and gives back whether it passed."""
    print(f"{'ok    ' if passed else 'FAILED'} {figures}", flush=True)
    return passed
