"""Who has reviewed what is read, in words."""

from reports.words.words import Words


def review_sentence(words: Words) -> str:
    """Who has reviewed these words, or that nobody has; nothing where the definitions themselves are reviewed."""
    if words.is_draft:
        return words.speech.gettext("This text has not been checked by a clinician yet.")
    if words.reviewers:
        names = words.speech.listed(words.reviewers)
        return words.speech.gettext("This text was checked for this clinic by %(names)s.", names=names)
    return ""
