"""The image gate: a deployment goes on only with images whose scan found nothing severe."""
