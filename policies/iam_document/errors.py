"""What is wrong with a text that is no policy."""


class MalformedPolicyError(ValueError):
    """A text is no IAM policy document; the message says why and shows none of it."""
