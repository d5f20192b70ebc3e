"""Controls of EventBridge."""
