"""What others would have written instead, measured beside ours."""
