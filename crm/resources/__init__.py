"""What a list of organisations and people says, whether it comes in or goes out."""
